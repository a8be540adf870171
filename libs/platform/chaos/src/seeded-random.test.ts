import { expect, test } from 'vitest';
import { seededRandom } from './seeded-random.ts';

const first = (seed: number, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

test('the same seed gives the same numbers', () => {
  expect(first(7, 50)).toEqual(first(7, 50));
});

test('another seed gives other numbers', () => {
  expect(first(7, 5)).not.toEqual(first(8, 5));
});

test('the numbers are in [0, 1) and their mean is near 0.5', () => {
  const numbers = first(1, 1_000);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  expect(mean).toBeCloseTo(0.5, 1);
});
