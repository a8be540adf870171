import { parseChaos } from '@indoubt/chaos';
import type { RecordLine } from '@indoubt/record';
import { describe, expect, test } from 'vitest';
import { eventLine } from '../../evidence/record/sample-lines.fixture.ts';
import type { Verdict } from '../../evidence/run-result.ts';
import { type Evidence, faultsStruck, foundBroken, judge, restsWithin } from './judge.ts';

const CRASH = parseChaos('inventory:handled-not-acknowledged=crash@1');
const MISSED = faultsStruck(CRASH, []);

function struck(rule: string): RecordLine {
  return eventLine('inventory', 0, { event: 'failpoint-hit', rule });
}

const invariant = (holds: boolean) => ({
  id: 'INV-1',
  title: 'money',
  holds,
  detail: '',
  violations: [],
  because: null,
});
const expectation = (holds: boolean) => ({ title: 'released', holds, detail: '' });

test('a fault struck when the record has a hit of its rule', () => {
  const lines = [struck('inventory:handled-not-acknowledged=crash@1')];
  expect(faultsStruck(CRASH, lines)).toMatchObject([{ holds: true }]);
});

test('a hit of another rule does not prove this fault', () => {
  const lines = [struck('payment:handled-not-acknowledged=crash@1')];
  expect(faultsStruck(CRASH, lines)).toMatchObject([{ holds: false }]);
});

test('only a lab that is not idle gets a failed expectation about idleness', () => {
  expect(restsWithin(20_000, true)).toEqual([]);
  const detail = expect.stringContaining('not within 20 s');
  expect(restsWithin(20_000, false)).toMatchObject([{ holds: false, detail }]);
});

/** A run without problems. Each test changes one part. */
const WELL = {
  problem: null,
  invariants: [invariant(true)],
  breaks: [],
  struck: [],
  expected: [],
  isAtRest: true,
  hasMoreFaults: false,
  orders: 1,
} satisfies Evidence;

test.each<[string, Partial<Evidence>, Verdict]>([
  ['everything holds', { expected: [expectation(true)] }, 'holds'],
  ['an invariant is broken', { invariants: [invariant(false)] }, 'broken'],
  ['an expectation is not met', { expected: [expectation(false)] }, 'broken'],
  ['the scenario got stuck', { problem: 'order A is PENDING' }, 'broken'],
  ['the lab is not idle', { isAtRest: false }, 'broken'],
  ['a fault never struck', { struck: MISSED }, 'unknown'],
  [
    'a fault never struck and the scenario got stuck',
    { struck: MISSED, problem: 'stuck' },
    'unknown',
  ],
  [
    'a fault never struck, and an invariant is broken',
    { struck: MISSED, invariants: [invariant(false)] },
    'broken',
  ],
])('the verdict when %s', (_, changed, verdict) => {
  expect(judge({ ...WELL, ...changed }).verdict).toBe(verdict);
});

describe('a scenario that breaks INV-1 on purpose', () => {
  const verdictOf = (...invariants: ReturnType<typeof invariant>[]) => {
    const expected = foundBroken(['INV-1'], invariants);
    return judge({ ...WELL, invariants, expected, breaks: ['INV-1'] }).verdict;
  };

  test('a scenario that breaks INV-1 on purpose holds when only INV-1 is broken', () => {
    expect(verdictOf(invariant(false), { ...invariant(true), id: 'INV-2' })).toBe('holds');
  });

  test('a scenario that breaks INV-1 on purpose is broken when INV-2 is broken too', () => {
    expect(verdictOf(invariant(false), { ...invariant(false), id: 'INV-2' })).toBe('broken');
  });

  test('a scenario that breaks INV-1 on purpose is broken when INV-1 holds', () => {
    const invariants = [invariant(true)];
    expect(verdictOf(...invariants)).toBe('broken');
    expect(foundBroken(['INV-1'], invariants)).toEqual([
      {
        title: 'the checkers find that INV-1 is broken',
        holds: false,
        detail: expect.stringMatching(/^it holds: /),
      },
    ]);
  });
});

describe('a scenario with additional faults', () => {
  const verdictOf = (changed: Partial<Evidence>) =>
    judge({ ...WELL, hasMoreFaults: true, ...changed }).verdict;

  test('a scenario with additional faults may end differently than planned', () => {
    expect(verdictOf({ problem: 'order A should be CONFIRMED and is REJECTED' })).toBe('holds');
    expect(verdictOf({ expected: [expectation(false)] })).toBe('holds');
  });

  test('a scenario with additional faults is unknown without orders', () => {
    expect(verdictOf({ problem: 'no answer', orders: 0 })).toBe('unknown');
  });

  test('a scenario with additional faults is broken by an invariant or a busy lab', () => {
    expect(verdictOf({ invariants: [invariant(false)] })).toBe('broken');
    expect(verdictOf({ isAtRest: false })).toBe('broken');
  });

  test('a scenario with additional faults is unknown when a fault never struck', () => {
    expect(verdictOf({ struck: MISSED })).toBe('unknown');
  });
});
