import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

test('doubles with each attempt', () => {
  expect([1, 2, 3].map((attempt) => backoffMs(attempt, 0.5))).toEqual([50, 100, 200]);
});

test('never waits longer than five seconds', () => {
  expect(backoffMs(60, 0.999)).toBeLessThan(5_000);
});

test('full jitter: anything from nothing to the whole', () => {
  expect(backoffMs(3, 0)).toBe(0);
});
