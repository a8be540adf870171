import { expect, test } from 'vitest';
import { pendingOrder } from './order.ts';

const now = new Date('2026-01-01T00:00:00Z');
const prices = new Map([
  ['tea', 450],
  ['mug', 1_200],
]);
const priced = { id: 'order-1', now, coordination: 'saga', customerKnown: true, prices } as const;
const command = {
  customerId: 'alice',
  lines: [
    { sku: 'tea', quantity: 2 },
    { sku: 'mug', quantity: 1 },
  ],
};

test('a new order is pending, and its total is the sum of its lines', () => {
  expect(pendingOrder(command, priced)).toMatchObject({ status: 'PENDING', totalCents: 2_100 });
});

test('the unit price is copied into each order line', () => {
  const order = pendingOrder(command, priced);
  expect(order.lines.map((line) => line.unitPriceCents)).toEqual([450, 1_200]);
});

test('an order above the maximum total is refused', () => {
  const gold = new Map([['tea', 1_000_000_000]]);
  const two = { ...command, lines: [{ sku: 'tea', quantity: 2 }] };
  expect(() => pendingOrder(two, { ...priced, prices: gold })).toThrow('the maximum is');
});

test('an order with an unknown sku is refused with an error that names the sku', () => {
  const unknown = { ...command, lines: [{ sku: 'gold', quantity: 1 }] };
  expect(() => pendingOrder(unknown, priced)).toThrow('"gold" is not in the catalogue');
});

test('an order of an unknown customer is refused with an error that names the customer', () => {
  const unknown = { ...priced, customerKnown: false };
  expect(() => pendingOrder(command, unknown)).toThrow('no customer "alice"');
});
