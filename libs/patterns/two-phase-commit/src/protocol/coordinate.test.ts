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
  test('all are asked to prepare at once, and nothing is written down', () => {
    const begun = begin(NAMES, USUAL);
    expect(begun).toMatchObject({ log: null, send: to('prepare', ...NAMES) });
    expect(begun.state.decision).toBeNull();
  });
  test('all but one say yes: nothing is decided', () => {
    const next = after(USUAL, yes('inventory'), yes('order'));
    expect(next).toMatchObject({ log: null, send: [], state: { decision: null } });
  });
  test('all say yes: commit, in the log before it is told', () => {
    expect(after(USUAL, yes('inventory'), yes('order'), yes('payment'))).toMatchObject({
      state: { decision: 'commit', reason: null, unacknowledged: NAMES },
      log: { kind: 'decided', decision: 'commit', reason: null, participants: NAMES },
      send: to('commit', ...NAMES),
    });
  });
  test('one says no: abort at once, for its reason, and all others are told', () => {
    const next = after(USUAL, yes('inventory'), no('payment'));
    expect(next.state).toMatchObject({ decision: 'abort', reason: 'out-of-stock' });
    // Order has not voted: it may be prepared by now, or be it later.
    expect(next.send).toEqual(to('abort', 'inventory', 'order'));
  });
  test('no answer is a no, and the silent one is told as well', () => {
    const next = after(USUAL, yes('inventory'), lost('payment'));
    expect(next.state).toMatchObject({ decision: 'abort', reason: 'timed-out' });
    expect(next.send).toEqual(to('abort', ...NAMES));
  });
  test('a time-out of somebody whose vote has come by another way changes nothing', () => {
    expect(after(USUAL, yes('inventory'), lost('inventory')).state.decision).toBeNull();
  });
  test('whoever wrote nothing is left out of phase two', () => {
    const commit = after(USUAL, readOnly('inventory'), yes('payment'), yes('order'));
    expect(commit.send).toEqual(to('commit', 'payment', 'order'));
    expect(commit.log).toMatchObject({ participants: ['payment', 'order'] });
    const abort = after(USUAL, readOnly('inventory'), yes('payment'), no('order'));
    expect(abort.send).toEqual(to('abort', 'payment'));
  });
  test('nobody wrote anything: committed, with no record and no second phase', () => {
    const next = after(USUAL, ...NAMES.map(readOnly));
    expect(next).toMatchObject({ state: { decision: 'commit' }, log: null, send: [] });
    expect(isEnded(next.state)).toBe(true);
  });
  test('only one was asked, and said no: ended, nobody is left to tell', () => {
    const next = after(ONE_BY_ONE, no('inventory'));
    expect(next).toMatchObject({ state: { decision: 'abort' }, log: null, send: [] });
    expect(isEnded(next.state)).toBe(true);
  });
});

describe('phase two', () => {
  const committed = after(USUAL, ...NAMES.map(yes));
  test('ends when the last one has acknowledged, and the log is told so', () => {
    const almost = then(committed, acknowledged('order'), acknowledged('payment'));
    expect(almost).toMatchObject({ log: null, send: [], state: { unacknowledged: ['inventory'] } });
    const next = then(almost, acknowledged('inventory'));
    expect(next.log).toEqual({ kind: 'ended' });
    expect(isEnded(next.state)).toBe(true);
  });
  test('told again to whoever does not answer, and to nobody else', () => {
    const next = then(committed, acknowledged('order'), lost('payment'));
    expect(next.send).toEqual(to('commit', 'payment'));
    expect(then(next, lost('order')).send).toEqual([]);
  });
});

describe('what is presumed', () => {
  test('abort: an abort leaves no record, neither when decided nor when ended', () => {
    const aborted = after(USUAL, yes('inventory'), yes('payment'), no('order'));
    expect(aborted.log).toBeNull();
    const next = then(aborted, acknowledged('inventory'), acknowledged('payment'));
    expect(next.log).toBeNull();
    expect(isEnded(next.state)).toBe(true);
  });
  test('nothing: its beginning, its abort and its end are each a record', () => {
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

describe('one after the other', () => {
  test('each is asked when the one before has voted, and the last vote decides', () => {
    const first = begin(NAMES, ONE_BY_ONE);
    expect(first.send).toEqual(to('prepare', 'inventory'));
    const second = then(first, yes('inventory'));
    expect(second.send).toEqual(to('prepare', 'payment'));
    const third = then(second, readOnly('payment'));
    expect(third.send).toEqual(to('prepare', 'order'));
    expect(then(third, yes('order')).send).toEqual(to('commit', 'inventory', 'order'));
  });
  test('a no: whoever was not asked is neither asked nor told', () => {
    expect(after(ONE_BY_ONE, yes('inventory'), no('payment')).send).toEqual(
      to('abort', 'inventory'),
    );
  });
  test('a vote of somebody who was not asked does not count', () => {
    const next = after(ONE_BY_ONE, yes('order'), yes('inventory'), yes('payment'));
    expect(next.send).toEqual(to('prepare', 'order'));
  });
});

describe('last resource', () => {
  const alone = after(LAST_RESOURCE, readOnly('inventory'), readOnly('payment'));
  test('the last is not asked before all others have voted', () => {
    expect(begin(NAMES, LAST_RESOURCE).send).toEqual(to('prepare', 'inventory', 'payment'));
    expect(after(LAST_RESOURCE, readOnly('payment')).send).toEqual([]);
  });
  test('nobody else wrote: it commits in one phase, and its yes is the decision', () => {
    expect(alone.send).toEqual(to('commit-one-phase', 'order'));
    expect(alone.state.decision).toBeNull();
    const next = then(alone, yes('order'));
    expect(next).toMatchObject({ state: { decision: 'commit' }, log: null, send: [] });
    expect(isEnded(next.state)).toBe(true);
  });
  test('its no is an abort that nobody needs to hear of', () => {
    const next = then(alone, no('order'));
    expect(next).toMatchObject({ state: { decision: 'abort' }, log: null, send: [] });
    expect(isEnded(next.state)).toBe(true);
  });
  test('its answer is lost: asked again and again, never aborted, it may have committed', () => {
    const next = then(alone, lost('order'), lost('order'));
    expect(next.send).toEqual(to('commit-one-phase', 'order'));
    expect(next.state.decision).toBeNull();
    expect(then(next, yes('order')).state.decision).toBe('commit');
  });
  test('somebody else wrote: it is prepared like the others', () => {
    const next = after(LAST_RESOURCE, readOnly('inventory'), yes('payment'));
    expect(next.send).toEqual(to('prepare', 'order'));
    expect(then(next, lost('order')).state.decision).toBe('abort');
  });
  test('nothing is presumed: prepared, a begin record alone would be taken for an abort', () => {
    const switches = { ...PRESUMED_NOTHING, lastResource: true };
    const next = after(switches, readOnly('inventory'), readOnly('payment'));
    expect(next.send).toEqual(to('prepare', 'order'));
  });
  test('the only participant commits in one phase', () => {
    const next = begin(['order'], LAST_RESOURCE);
    expect(next.send).toEqual(to('commit-one-phase', 'order'));
  });
});

describe('taken up by another coordinator', () => {
  const participants = ['inventory', 'order'];
  test('a commit in the log is told once more, and not written again', () => {
    const next = takeUp({ decision: 'commit', participants }, USUAL);
    expect(next).toMatchObject({ log: null, send: to('commit', ...participants) });
    const end = then(next, acknowledged('inventory'), acknowledged('order'));
    expect(end.log).toEqual({ kind: 'ended' });
  });
  test('begun and not decided: aborted, whoever votes now', () => {
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

describe('whatever comes, however often, in whatever order', () => {
  test('a second time changes nothing', () => {
    fc.assert(
      fc.property(anySwitches, fc.array(anyInput), anyInput, (switches, inputs, input) => {
        const once = after(switches, ...inputs, input);
        const twice = then(once, input);
        expect(twice).toMatchObject({ state: once.state, log: null });
      }),
    );
  });
  test('a decision never changes, nor does its reason', () => {
    fc.assert(
      fc.property(anySwitches, fc.array(anyInput), fc.array(anyInput), (switches, some, more) => {
        const { state } = after(switches, ...some);
        fc.pre(state.decision !== null);
        const { decision, reason } = state;
        expect(after(switches, ...some, ...more).state).toMatchObject({ decision, reason });
      }),
    );
  });
  test('nothing is committed unless everybody has voted for it', () => {
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
