import { Failure, type FailureCode } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { type Retrying, retrying } from './retry.ts';
import { createRetryBudget } from './retry-budget.ts';

interface Case {
  isRepeatable?: boolean;
  leftMs?: number;
  budgetMax?: number;
  random?: number;
  attemptsMax?: number;
}

/** Makes attempts that fail with these failures, one after the other, and then succeed. */
async function play(failures: Failure[], given: Case = {}) {
  const { isRepeatable = false, leftMs = 60_000, budgetMax = 10, random = 0.5 } = given;
  const { attemptsMax = 3 } = given;
  const pauses: number[] = [];
  let now = 0;
  const parts: Retrying = {
    settings: { attemptsMax, pauseMs: 50, pauseMaxMs: 150, budgetShare: 0, budgetMax },
    budget: createRetryBudget(0, budgetMax),
    isRepeatable,
    leftMs: () => leftMs - now,
    random: () => random,
    async wait(ms) {
      pauses.push(ms);
      now += ms;
    },
  };
  const left = [...failures];
  const ended = await retrying(parts, async (number) => {
    const failure = left.shift();
    if (failure === undefined) return `answered attempt ${number}`;
    throw failure;
  }).catch((error: unknown) => (error instanceof Failure ? error.code : error));
  return { ended, pauses };
}

const a = (code: FailureCode, retryAfterMs = 0) =>
  new Failure(code, 'on purpose', { retryAfterMs });

test.each<[FailureCode, isRepeatable: boolean]>([
  ['not-reached', false],
  ['overloaded', false],
  ['timed-out', true],
  ['service-unavailable', true],
  ['database-unavailable', true],
  ['idempotency-key-in-use', true],
])('a request is retried after %s (repeatable: %s)', async (code, isRepeatable) => {
  const { ended } = await play([a(code)], { isRepeatable });
  expect(ended).toBe('answered attempt 2');
});

test.each<[FailureCode, isRepeatable: boolean]>([
  ['timed-out', false],
  ['service-unavailable', false],
  ['payment-declined', true],
  ['not-found', true],
  ['superseded', true],
  ['breaker-open', true],
  ['bulkhead-full', true],
])('a request is not retried after %s (repeatable: %s)', async (code, isRepeatable) => {
  const { ended, pauses } = await play([a(code)], { isRepeatable });
  expect(ended).toBe(code);
  expect(pauses).toEqual([]);
});

test('pauses between attempts double up to a bound and have full jitter', async () => {
  const down = Array<Failure>(4).fill(a('not-reached'));
  const all = { attemptsMax: 5 };
  expect((await play(down, { ...all, random: 1 })).pauses).toEqual([50, 100, 150, 150]);
  expect((await play(down, { ...all, random: 0 })).pauses).toEqual([0, 0, 0, 0]);
});

test('a retry is not made before the Retry-After of the target', async () => {
  const { pauses } = await play([a('overloaded', 2_000)]);
  expect(pauses).toEqual([2_000]);
});

test.each<[why: string, given: Case]>([
  ['it was the last attempt', { attemptsMax: 1 }],
  ['no time is left for the pause', { leftMs: 25 }],
  ['the retry budget is empty', { budgetMax: 0 }],
])('a request is not retried when %s', async (_why, given) => {
  const { ended, pauses } = await play([a('not-reached')], given);
  expect(ended).toBe('not-reached');
  expect(pauses).toEqual([]);
});

test.each<[FailureCode]>([['not-reached'], ['breaker-open'], ['bulkhead-full'], ['overloaded']])(
  'an indefinite failure stays the result when the retries fail with %s',
  async (code) => {
    const failures = [a('service-unavailable'), a(code), a(code)];
    expect(await play(failures, { isRepeatable: true })).toMatchObject({
      ended: 'service-unavailable',
    });
  },
);

test('a refusal of a retry is the result, although an earlier attempt was indefinite', async () => {
  const failures = [a('timed-out'), a('payment-declined')];
  expect(await play(failures, { isRepeatable: true })).toMatchObject({ ended: 'payment-declined' });
});
