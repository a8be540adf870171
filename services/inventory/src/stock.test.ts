import { expect, test } from 'vitest';
import { canReserve, MADE_TO_ORDER, stockedLines } from './stock.ts';

const available = new Map([
  ['tea', 5],
  ['mug', 1],
]);

test('one line without enough stock refuses the whole order', () => {
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

test('an order for all available stock is accepted', () => {
  expect(canReserve([{ sku: 'tea', quantity: 5 }], available)).toEqual({ outcome: 'done' });
});

test('an unknown sku counts as out of stock', () => {
  expect(canReserve([{ sku: 'gold', quantity: 1 }], available).outcome).toBe('refused');
});

test('a product that is made to order is always available and needs no reservation', () => {
  const shop = new Map([...available, ['guide', MADE_TO_ORDER]]);
  const [guide, tea] = [
    { sku: 'guide', quantity: 1_000 },
    { sku: 'tea', quantity: 1 },
  ];
  expect(canReserve([guide, tea], shop)).toEqual({ outcome: 'done' });
  expect(stockedLines([guide, tea], shop)).toEqual([tea]);
});
