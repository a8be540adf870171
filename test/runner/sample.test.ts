import { seededRandom } from '@indoubt/chaos';
import { expect, test } from 'vitest';
import { draw } from './sample.ts';

const CASES = Array.from({ length: 20 }, (_, n) => n);

test('the same seed draws the same cases, in their order, and another seed other cases', () => {
  const drawn = draw(CASES, 6, seededRandom(1));
  expect(drawn).toHaveLength(6);
  expect(drawn).toEqual(drawn.toSorted((a, b) => a - b));
  expect(draw(CASES, 6, seededRandom(1))).toEqual(drawn);
  expect(draw(CASES, 6, seededRandom(2))).not.toEqual(drawn);
});

test('a month of days draws every case', () => {
  const days = Array.from({ length: 30 }, (_, day) => draw(CASES, 6, seededRandom(20_000 + day)));
  expect(new Set(days.flat()).size).toBe(CASES.length);
});
