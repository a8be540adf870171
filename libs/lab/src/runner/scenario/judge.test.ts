import type { RecordLine } from '@indoubt/record';
import { describe, expect, test } from 'vitest';
import type { Expectation } from '../../evidence/run-result.ts';
import { chaosHit, faultsHit, foundBroken, judge, RESTS } from './judge.ts';

const fault = {
  process: 'inventory',
  failpoint: 'inventory:handled-not-acknowledged',
  hit: 1,
  restart: 'at-once',
} as const;

const hit: RecordLine = {
  kind: 'event',
  event: 'failpoint-hit',
  action: 'crash',
  process: 'inventory',
  pid: 1,
  at: 0,
  name: 'inventory:handled-not-acknowledged',
};

const invariant = (holds: boolean) => ({
  id: 'INV-1',
  title: 'money',
  holds,
  detail: '',
  because: null,
});
const expectation = (holds: boolean) => ({ title: 'released', holds, detail: '' });

test('a fault that fired in its process is proved', () => {
  expect(faultsHit([fault], [hit])[0]?.holds).toBe(true);
});

test('the same point in another process is not it', () => {
  expect(faultsHit([fault], [{ ...hit, process: 'payment' }])[0]?.holds).toBe(false);
});

test.each([
  ['all holds', null, true, [expectation(true)], 'holds'],
  ['an invariant is broken', null, false, [expectation(true)], 'broken'],
  ['an expectation is not met', null, true, [expectation(false)], 'broken'],
  ['the story got stuck', 'order A is PENDING', true, [], 'broken'],
  ['a fault never fired', null, true, faultsHit([fault], []), 'unknown'],
  ['a fault never fired and it got stuck', 'stuck', true, faultsHit([fault], []), 'unknown'],
  [
    'a fault never fired, and an invariant is broken',
    null,
    false,
    faultsHit([fault], []),
    'broken',
  ],
])('%s', (_, problem, holds, expectations, verdict) => {
  const invariants = [invariant(holds)];
  const evidence = {
    problem,
    invariants,
    breaks: [],
    expectations,
    hasMoreFaults: false,
    orders: 1,
  };
  expect(judge(evidence).verdict).toBe(verdict);
});

describe('a story that breaks INV-1 on purpose', () => {
  const verdictOf = (...invariants: ReturnType<typeof invariant>[]) => {
    const expectations = foundBroken(['INV-1'], invariants);
    const rest = { problem: null, breaks: ['INV-1'] as const, hasMoreFaults: false, orders: 1 };
    return judge({ invariants, expectations, ...rest }).verdict;
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
  const verdictOf = (
    problem: string | null,
    holds: boolean,
    expectations: Expectation[],
    orders = 1,
  ) => {
    const evidence = { problem, invariants: [invariant(holds)], breaks: [], expectations };
    return judge({ ...evidence, hasMoreFaults: true, orders }).verdict;
  };

  test('may go another way than it is told', () => {
    expect(verdictOf('order A should be CONFIRMED and is REJECTED', true, [])).toBe('holds');
    expect(verdictOf(null, true, [expectation(false)])).toBe('holds');
  });

  test('proves nothing when it came to no order', () => {
    expect(verdictOf('no answer', true, [], 0)).toBe('unknown');
  });

  test('is broken all the same when an invariant is, or when it never comes to rest', () => {
    expect(verdictOf(null, false, [])).toBe('broken');
    expect(verdictOf(null, true, [{ title: RESTS, holds: false, detail: '' }])).toBe('broken');
  });

  test('proves nothing when one of those faults never struck', () => {
    expect(verdictOf(null, true, chaosHit('payment=decline', []))).toBe('unknown');
  });

  test('a fault of the grammar struck when the record says so', () => {
    const at = { kind: 'event', process: 'payment', pid: 1, at: 0 } as const;
    const lines = [{ ...at, event: 'fault-hit', rule: 'payment=decline' } as const];
    expect(chaosHit('payment=decline', lines)).toMatchObject([{ holds: true }]);
  });
});
