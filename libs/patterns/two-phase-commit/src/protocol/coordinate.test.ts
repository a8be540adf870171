import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  begin,
  type Command,
  coordinate,
  type Input,
  isEnded,
  type Next,
  type Switches,
  takeUp,
  type Vote,
} from './coordinate.ts';

const NAMES = ['inventory', 'payment', 'order'];
const USUAL: Switches = { presume: 'abort', branches: 'parallel', lastResource: false };
const PRESUMED_NOTHING: Switches = { ...USUAL, presume: 'nothing' };
const ONE_BY_ONE: Switches = { ...USUAL, branches: 'sequential' };
const LAST_RESOURCE: Switches = { ...USUAL, lastResource: true };

const voted = (vote: Vote, from: string, reason: string | null = null): Input => ({
  kind: 'vote',
  from,
  vote,
  reason,
});
const yes = (from: string): Input => voted('yes', from);
const no = (from: string): Input => voted('no', from, 'out-of-stock');
const readOnly = (from: string): Input => voted('read-only', from);
const lost = (from: string): Input => ({ kind: 'lost', from, reason: 'timed-out' });
const acknowledged = (from: string): Input => ({ kind: 'acknowledged', from });

const then = (next: Next, ...inputs: Input[]): Next =>
  inputs.reduce((at, input) => coordinate(at.state, input), next);
const after = (switches: Switches, ...inputs: Input[]): Next =>
  then(begin(NAMES, switches), ...inputs);
const to = (command: Command, ...names: string[]): Next['send'] =>
  names.map((name) => ({ to: name, command }));

describe('votes', () => {
  test('parallel: all participants are sent prepare at once, and nothing is logged', () => {
    const begun = begin(NAMES, USUAL);
    expect(begun).toMatchObject({ log: null, send: to('prepare', ...NAMES) });
    expect(begun.state.decision).toBeNull();
  });
  test('while one vote is missing, nothing is decided', () => {
    const next = after(USUAL, yes('inventory'), yes('order'));
    expect(next).toMatchObject({ log: null, send: [], state: { decision: null } });
  });
  test('after a yes of all participants, a commit is logged and sent', () => {
    expect(after(USUAL, yes('inventory'), yes('order'), yes('payment'))).toMatchObject({
      state: { decision: 'commit', reason: null, unacknowledged: NAMES },
      log: { kind: 'decided', decision: 'commit', reason: null, participants: NAMES },
      send: to('commit', ...NAMES),
    });
  });
  test('after one no, an abort with its reason is sent to all others at once', () => {
    const next = after(USUAL, yes('inventory'), no('payment'));
    expect(next.state).toMatchObject({ decision: 'abort', reason: 'out-of-stock' });
    // Order has not voted, but may be prepared now or later.
    expect(next.send).toEqual(to('abort', 'inventory', 'order'));
  });
  test('after a lost vote, an abort is sent to all, also to the silent participant', () => {
    const next = after(USUAL, yes('inventory'), lost('payment'));
    expect(next.state).toMatchObject({ decision: 'abort', reason: 'timed-out' });
    expect(next.send).toEqual(to('abort', ...NAMES));
  });
  test('a time-out of a participant whose vote has already arrived changes nothing', () => {
    expect(after(USUAL, yes('inventory'), lost('inventory')).state.decision).toBeNull();
  });
  test('a participant that voted read-only gets no message in phase two', () => {
    const commit = after(USUAL, readOnly('inventory'), yes('payment'), yes('order'));
    expect(commit.send).toEqual(to('commit', 'payment', 'order'));
    expect(commit.log).toMatchObject({ participants: ['payment', 'order'] });
    const abort = after(USUAL, readOnly('inventory'), yes('payment'), no('order'));
    expect(abort.send).toEqual(to('abort', 'payment'));
  });
  test('if all voted read-only, the commit has no log record and no phase two', () => {
    const next = after(USUAL, ...NAMES.map(readOnly));
    expect(next).toMatchObject({ state: { decision: 'commit' }, log: null, send: [] });
    expect(isEnded(next.state)).toBe(true);
  });
  test('if the only contacted participant voted no, the transaction ends at once', () => {
    const next = after(ONE_BY_ONE, no('inventory'));
    expect(next).toMatchObject({ state: { decision: 'abort' }, log: null, send: [] });
    expect(isEnded(next.state)).toBe(true);
  });
});

describe('phase two', () => {
  const committed = after(USUAL, ...NAMES.map(yes));
  test('phase two ends with a log record when all participants have acknowledged', () => {
    const almost = then(committed, acknowledged('order'), acknowledged('payment'));
    expect(almost).toMatchObject({ log: null, send: [], state: { unacknowledged: ['inventory'] } });
    const next = then(almost, acknowledged('inventory'));
    expect(next.log).toEqual({ kind: 'ended' });
    expect(isEnded(next.state)).toBe(true);
  });
  test('a decision is resent only to a participant that has not acknowledged', () => {
    const next = then(committed, acknowledged('order'), lost('payment'));
    expect(next.send).toEqual(to('commit', 'payment'));
    expect(then(next, lost('order')).send).toEqual([]);
  });
});

describe('presumption', () => {
  test('presumed abort: an abort leaves no log record', () => {
    const aborted = after(USUAL, yes('inventory'), yes('payment'), no('order'));
    expect(aborted.log).toBeNull();
    const next = then(aborted, acknowledged('inventory'), acknowledged('payment'));
    expect(next.log).toBeNull();
    expect(isEnded(next.state)).toBe(true);
  });
  test('presumed nothing: the beginning, the abort and the end are each a log record', () => {
    const begun = begin(NAMES, PRESUMED_NOTHING);
    expect(begun).toMatchObject({
      log: { kind: 'begun', participants: NAMES },
      send: to('prepare', ...NAMES),
    });
    const aborted = then(begun, yes('inventory'), yes('payment'), no('order'));
    expect(aborted.log).toEqual({
      kind: 'decided',
      decision: 'abort',
      reason: 'out-of-stock',
      participants: ['inventory', 'payment'],
    });
    const next = then(aborted, acknowledged('inventory'), acknowledged('payment'));
    expect(next.log).toEqual({ kind: 'ended' });
  });
});

describe('sequential branches', () => {
  test('sequential: each prepare follows the vote before it, and the last vote decides', () => {
    const first = begin(NAMES, ONE_BY_ONE);
    expect(first.send).toEqual(to('prepare', 'inventory'));
    const second = then(first, yes('inventory'));
    expect(second.send).toEqual(to('prepare', 'payment'));
    const third = then(second, readOnly('payment'));
    expect(third.send).toEqual(to('prepare', 'order'));
    expect(then(third, yes('order')).send).toEqual(to('commit', 'inventory', 'order'));
  });
  test('sequential: after a no, participants that were not contacted get no message', () => {
    expect(after(ONE_BY_ONE, yes('inventory'), no('payment')).send).toEqual(
      to('abort', 'inventory'),
    );
  });
  test('a vote of a participant that was not contacted does not count', () => {
    const next = after(ONE_BY_ONE, yes('order'), yes('inventory'), yes('payment'));
    expect(next.send).toEqual(to('prepare', 'order'));
  });
});

describe('last resource', () => {
  const alone = after(LAST_RESOURCE, readOnly('inventory'), readOnly('payment'));
  test('last resource: the last participant is contacted after all other votes', () => {
    expect(begin(NAMES, LAST_RESOURCE).send).toEqual(to('prepare', 'inventory', 'payment'));
    expect(after(LAST_RESOURCE, readOnly('payment')).send).toEqual([]);
  });
  test('last resource: if no other wrote, its one-phase commit is the decision', () => {
    expect(alone.send).toEqual(to('commit-one-phase', 'order'));
    expect(alone.state.decision).toBeNull();
    const next = then(alone, yes('order'));
    expect(next).toMatchObject({ state: { decision: 'commit' }, log: null, send: [] });
    expect(isEnded(next.state)).toBe(true);
  });
  test('last resource: its no aborts the transaction without further messages', () => {
    const next = then(alone, no('order'));
    expect(next).toMatchObject({ state: { decision: 'abort' }, log: null, send: [] });
    expect(isEnded(next.state)).toBe(true);
  });
  test('last resource: commit-one-phase is resent until answered, and never aborted', () => {
    const next = then(alone, lost('order'), lost('order'));
    expect(next.send).toEqual(to('commit-one-phase', 'order'));
    expect(next.state.decision).toBeNull();
    expect(then(next, yes('order')).state.decision).toBe('commit');
  });
  test('last resource: if another participant wrote, the last one is prepared too', () => {
    const next = after(LAST_RESOURCE, readOnly('inventory'), yes('payment'));
    expect(next.send).toEqual(to('prepare', 'order'));
    expect(then(next, lost('order')).state.decision).toBe('abort');
  });
  test('last resource and presumed nothing: the last participant is prepared', () => {
    const switches = { ...PRESUMED_NOTHING, lastResource: true };
    const next = after(switches, readOnly('inventory'), readOnly('payment'));
    expect(next.send).toEqual(to('prepare', 'order'));
  });
  test('last resource: a single participant commits in one phase', () => {
    const next = begin(['order'], LAST_RESOURCE);
    expect(next.send).toEqual(to('commit-one-phase', 'order'));
  });
});

describe('another coordinator takes over', () => {
  const participants = ['inventory', 'order'];
  test('a takeover resends a logged commit and does not log it again', () => {
    const next = takeUp({ decision: 'commit', participants }, USUAL);
    expect(next).toMatchObject({ log: null, send: to('commit', ...participants) });
    const end = then(next, acknowledged('inventory'), acknowledged('order'));
    expect(end.log).toEqual({ kind: 'ended' });
  });
  test('a takeover aborts an undecided transaction whatever votes arrive later', () => {
    const next = takeUp({ decision: null, participants }, PRESUMED_NOTHING);
    expect(next.log).toMatchObject({ decision: 'abort', reason: 'coordinator-lost' });
    expect(next.send).toEqual(to('abort', ...participants));
    expect(then(next, yes('inventory'), yes('order')).state).toEqual(next.state);
  });
});

const anyInput = fc
  .tuple(fc.constantFrom(yes, no, readOnly, lost, acknowledged), fc.constantFrom(...NAMES))
  .map(([input, name]) => input(name));
const anySwitches = fc.record<Switches>({
  presume: fc.constantFrom('abort', 'nothing'),
  branches: fc.constantFrom('parallel', 'sequential'),
  lastResource: fc.boolean(),
});

describe('any sequence of inputs', () => {
  test('a repeated input changes nothing', () => {
    fc.assert(
      fc.property(anySwitches, fc.array(anyInput), anyInput, (switches, inputs, input) => {
        const once = after(switches, ...inputs, input);
        const twice = then(once, input);
        expect(twice).toMatchObject({ state: once.state, log: null });
      }),
    );
  });
  test('a decision and its reason never change', () => {
    fc.assert(
      fc.property(anySwitches, fc.array(anyInput), fc.array(anyInput), (switches, some, more) => {
        const { state } = after(switches, ...some);
        fc.pre(state.decision !== null);
        const { decision, reason } = state;
        expect(after(switches, ...some, ...more).state).toMatchObject({ decision, reason });
      }),
    );
  });
  test('a commit needs a vote for it from every participant', () => {
    fc.assert(
      fc.property(anySwitches, fc.array(anyInput), (switches, inputs) => {
        const { decision, votes } = after(switches, ...inputs).state;
        fc.pre(decision === 'commit');
        expect(NAMES.map((name) => votes[name])).not.toContain(undefined);
        expect(Object.values(votes)).not.toContain('no');
      }),
    );
  });
});
