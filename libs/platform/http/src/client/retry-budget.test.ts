import { expect, test } from 'vitest';
import { createRetryBudget } from './retry-budget.ts';

/** How many of so many requests get their retry, when each wants one. */
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
  ['a few failures are all retried', 8, 8],
  ['an outage: the reserve, and one for ten', 1_000, 110],
  ['a long one: one for ten', 100_000, 10_010],
])('%s', (_what, requests, retriesMax) => {
  const retries = retriesOf(requests, 0.1, 10);
  expect(retries).toBeLessThanOrEqual(retriesMax);
  expect(retries).toBeGreaterThanOrEqual(retriesMax - 2);
});

test('quiet times save up no more than the reserve', () => {
  const budget = createRetryBudget(0.5, 10);
  for (let n = 0; n < 1_000; n += 1) budget.earn();
  expect(budget.left()).toBe(10);
});
