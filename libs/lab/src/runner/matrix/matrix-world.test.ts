import { requestCardCharge } from '@indoubt/contracts';
import { expect, test } from 'vitest';
import { MATRIX_WORLD, orderFor } from './matrix-world.ts';

const PLAIN = 'payment:acted-not-committed';

test.each([
  [PLAIN, 'confirmed', false, 'alice', 'tea'],
  [PLAIN, 'declined', false, 'poor-bob', 'tea'],
  [PLAIN, 'out-of-stock', true, 'anna', 'sold-out-coffee'],
  ['payment:held-not-worked', 'confirmed', false, 'card-dora', 'tea'],
  ['card-processor:received-not-charged', 'declined', true, 'card-declined-don', 'coffee'],
  ['order:refused-not-committed', 'confirmed', false, 'alice', 'unknown-tea'],
] as const)(
  'for the point %s and the outcome %s (second order: %s), %s orders %s',
  (point, outcome, other, customerId, sku) => {
    const order = orderFor({ point, outcome }, other);
    expect(order).toEqual({ customerId, lines: [{ sku, quantity: 2 }] });
  },
);

test('the card processor accepts the format of the cards', () => {
  const cards = MATRIX_WORLD.customers.flatMap(({ card }) => card ?? []);
  expect(cards).toHaveLength(4);
  for (const card of cards) expect(requestCardCharge.shape.card.parse(card)).toBe(card);
});
