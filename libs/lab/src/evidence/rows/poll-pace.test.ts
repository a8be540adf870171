import { expect, test } from 'vitest';
import { pauseBefore } from './poll-pace.ts';

/**
 * Polls of `eachMs`, each as soon as allowed, for `forMs`. @returns the share of time for polling
 */
function shareOf(eachMs: number, forMs: number): number {
  let [at, spent] = [0, 0];
  while (at < forMs) {
    spent += eachMs;
    at += eachMs;
    at += pauseBefore(spent, at);
  }
  return spent / at;
}

test('two polls are at least 30 ms apart', () => {
  expect(pauseBefore(3, 3)).toBe(30);
  expect(pauseBefore(0, 60_000)).toBe(30);
});

test('a run of a second is polled without a pause beyond the gap', () => {
  expect(pauseBefore(300, 1_000)).toBe(30);
});

test('polling takes at most a twentieth of a long run, whatever a poll costs', () => {
  for (const eachMs of [5, 80, 400]) expect(shareOf(eachMs, 120_000)).toBeLessThan(0.06);
});

test('polls that cost nothing are only limited by the gap', () => {
  expect(shareOf(1, 10_000)).toBeGreaterThan(0.03);
});
