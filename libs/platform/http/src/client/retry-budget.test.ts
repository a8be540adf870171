import { expect, test } from 'vitest';
import { createRetryBudget } from './retry-budget.ts';

/** The number of retries allowed when each of so many requests needs one. */
function retriesOf(requests: number, share: number, max: number): number {
  const budget = createRetryBudget(share, max);
  let retries = 0;
  for (let n = 0; n < requests; n += 1) {
    budget.earn();
    if (budget.spend()) retries += 1;
  }
  return retries;
}

test.each([
  ['all of a few failures are retried', 8, 8],
  ['in an outage the reserve and one retry per ten requests are allowed', 1_000, 110],
  ['in a long outage about one retry per ten requests is allowed', 100_000, 10_010],
])('%s', (_what, requests, retriesMax) => {
  const retries = retriesOf(requests, 0.1, 10);
  expect(retries).toBeLessThanOrEqual(retriesMax);
  expect(retries).toBeGreaterThanOrEqual(retriesMax - 2);
});

test('requests without a failure fill the budget up to its maximum only', () => {
  const budget = createRetryBudget(0.5, 10);
  for (let n = 0; n < 1_000; n += 1) budget.earn();
  expect(budget.left()).toBe(10);
});
