import { expect, test } from 'vitest';
import type { Point } from './linearizable.ts';
import { outOfBounds } from './stock-bounds.ts';

const point = (kind: Point['kind'], quantity: number, from: number, to: number): Point => ({
  kind,
  quantity,
  from,
  to,
  after: null,
});
const taken = point('take', 2, 10, 20);
const givenBack = [point('take', 1, 30, 40), { ...point('give', 1, 30, 40), after: 1 }];
const seen = (kind: Point['kind'], quantity: number, from: number, to: number) =>
  outOfBounds(5, [taken, ...givenBack, point(kind, quantity, from, to)]) !== undefined;

test.each([
  [5, 0, 9, false],
  [4, 0, 9, true],
  [5, 15, 16, false],
  [3, 15, 16, false],
  [2, 15, 16, true],
  [5, 25, 26, true],
  [3, 25, 26, false],
  [2, 35, 36, false],
  [2, 45, 46, true],
])('a reading of %i in [%i, %i] is out of bounds: %s', (quantity, from, to, isOut) => {
  expect(seen('saw', quantity, from, to)).toBe(isOut);
});

test('a refusal is out of bounds when enough was available all the time', () => {
  expect(seen('saw-less-than', 3, 45, 46)).toBe(true);
  expect(seen('saw-less-than', 4, 45, 46)).toBe(false);
  expect(seen('saw-less-than', 3, 35, 36)).toBe(false);
});

test('the point with the earliest response is returned', () => {
  const late = point('saw', 9, 0, 90);
  const early = point('saw', 8, 0, 80);
  expect(outOfBounds(5, [late, early])).toBe(early);
});
