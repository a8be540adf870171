import { expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';

const BACK_OFF = { baseMs: 100, maxMs: 5_000 };

test('the bound of the pause begins at the base and doubles with each attempt', () => {
  const pauses = [1, 2, 3].map((attempt) => backOffMs(BACK_OFF, attempt, 0.5));
  expect(pauses).toEqual([50, 100, 200]);
});

test('no pause is as long as the maximum, however many attempts have failed', () => {
  expect(backOffMs(BACK_OFF, 60, 0.5)).toBe(2_500);
  expect(backOffMs(BACK_OFF, 2_000, 0.999)).toBeLessThan(5_000);
});

test('full jitter draws the pause from zero to the whole bound', () => {
  expect(backOffMs(BACK_OFF, 3, 0)).toBe(0);
  expect(backOffMs(BACK_OFF, 3, 0.999)).toBeCloseTo(399.6);
});
