import { expect, test } from 'vitest';
import { pauseBefore } from './look-pace.ts';

/** Looks of `eachMs`, one as soon as it may, for `forMs`. @returns how much of it they took */
function shareOf(eachMs: number, forMs: number): number {
  let [at, spent] = [0, 0];
  while (at < forMs) {
    spent += eachMs;
    at += eachMs;
    at += pauseBefore(spent, at);
  }
  return spent / at;
}

test('never at once: two looks are 30 ms apart at least', () => {
  expect(pauseBefore(3, 3)).toBe(30);
  expect(pauseBefore(0, 60_000)).toBe(30);
});

test('a story of a second is seen step by step', () => {
  expect(pauseBefore(300, 1_000)).toBe(30);
});

test('a long one under load gives a twentieth of its time, whatever a look costs', () => {
  for (const eachMs of [5, 80, 400]) expect(shareOf(eachMs, 120_000)).toBeLessThan(0.06);
});

test('looks that cost nothing are not thinned out', () => {
  expect(shareOf(1, 10_000)).toBeGreaterThan(0.03);
});
