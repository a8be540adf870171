import { expect, test } from 'vitest';
import { canReserve } from './stock.ts';

const available = new Map([
  ['tea', 5],
  ['mug', 1],
]);

test('all lines or none: one short line refuses the order', () => {
  const lines = [
    { sku: 'tea', quantity: 5 },
    { sku: 'mug', quantity: 2 },
  ];
  expect(canReserve(lines, available)).toEqual({
    outcome: 'refused',
    reason: 'insufficient-stock',
    detail: 'mug: 2 wanted, 1 available',
  });
});

test('the last one can be had', () => {
  expect(canReserve([{ sku: 'tea', quantity: 5 }], available)).toEqual({ outcome: 'done' });
});

test('a sku that inventory does not know is out of stock', () => {
  expect(canReserve([{ sku: 'gold', quantity: 1 }], available).outcome).toBe('refused');
});
