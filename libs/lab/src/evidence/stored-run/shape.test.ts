import { expect, test } from 'vitest';
import { listOf, mapOf, number, orNull, shape, text, truth } from './shape.ts';

const fits = shape({
  name: text,
  at: orNull(number),
  rows: listOf(mapOf(orNull(truth))),
});

test.each([
  [{ name: 'a', at: 1, rows: [{ one: true, other: null }], more: 3 }, true],
  [{ name: 'a', at: null, rows: [] }, true],
  [{ name: 'a', at: 1 }, false],
  [{ name: 1, at: 1, rows: [] }, false],
  [{ name: 'a', at: '1', rows: [] }, false],
  [{ name: 'a', at: 1, rows: [null] }, false],
  [{ name: 'a', at: 1, rows: [{ one: 'yes' }] }, false],
  [{ name: 'a', at: 1, rows: {} }, false],
  [null, false],
  [[], false],
])('%j: %s', (value, does) => {
  expect(fits(value)).toBe(does);
});
