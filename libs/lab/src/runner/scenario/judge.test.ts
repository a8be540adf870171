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

test('a fault of another place is no proof of this fault', () => {
  const lines = [struck('payment:handled-not-acknowledged=crash@1')];
  expect(faultsStruck(CRASH, lines)).toMatchObject([{ holds: false }]);
});

test('only a lab that is not at rest has an expectation about that', () => {
  expect(restsWithin(20_000, true)).toEqual([]);
  const detail = expect.stringContaining('not within 20 s');
  expect(restsWithin(20_000, false)).toMatchObject([{ holds: false, detail }]);
});

/** A run in which all is well; each test changes what it is about. */
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
  ['all holds', { expected: [expectation(true)] }, 'holds'],
  ['an invariant is broken', { invariants: [invariant(false)] }, 'broken'],
  ['an expectation is not met', { expected: [expectation(false)] }, 'broken'],
  ['the story got stuck', { problem: 'order A is PENDING' }, 'broken'],
  ['the lab is not at rest', { isAtRest: false }, 'broken'],
  ['a fault never struck', { struck: MISSED }, 'unknown'],
  ['a fault never struck and the story got stuck', { struck: MISSED, problem: 'stuck' }, 'unknown'],
  [
    'a fault never struck, and an invariant is broken',
    { struck: MISSED, invariants: [invariant(false)] },
    'broken',
  ],
])('%s', (_, changed, verdict) => {
  expect(judge({ ...WELL, ...changed }).verdict).toBe(verdict);
});

describe('a story that breaks INV-1 on purpose', () => {
  const verdictOf = (...invariants: ReturnType<typeof invariant>[]) => {
    const expected = foundBroken(['INV-1'], invariants);
    return judge({ ...WELL, invariants, expected, breaks: ['INV-1'] }).verdict;
  };

  test('holds when exactly that is broken', () => {
    expect(verdictOf(invariant(false), { ...invariant(true), id: 'INV-2' })).toBe('holds');
  });

  test('is broken when another is, too', () => {
    expect(verdictOf(invariant(false), { ...invariant(false), id: 'INV-2' })).toBe('broken');
  });

  test('is broken when nothing is: the checkers are blind, or it did not happen', () => {
    const invariants = [invariant(true)];
    expect(verdictOf(...invariants)).toBe('broken');
    expect(foundBroken(['INV-1'], invariants)).toEqual([
      {
        title: 'the checkers find it: INV-1 is broken',
        holds: false,
        detail: expect.stringMatching(/^it holds: /),
      },
    ]);
  });
});

describe('a story under faults that are none of its own', () => {
  const verdictOf = (changed: Partial<Evidence>) =>
    judge({ ...WELL, hasMoreFaults: true, ...changed }).verdict;

  test('may go another way than it is told', () => {
    expect(verdictOf({ problem: 'order A should be CONFIRMED and is REJECTED' })).toBe('holds');
    expect(verdictOf({ expected: [expectation(false)] })).toBe('holds');
  });

  test('proves nothing when it came to no order', () => {
    expect(verdictOf({ problem: 'no answer', orders: 0 })).toBe('unknown');
  });

  test('is broken all the same when an invariant is, or when it never comes to rest', () => {
    expect(verdictOf({ invariants: [invariant(false)] })).toBe('broken');
    expect(verdictOf({ isAtRest: false })).toBe('broken');
  });

  test('proves nothing when one of those faults never struck', () => {
    expect(verdictOf({ struck: MISSED })).toBe('unknown');
  });
});
