import type { PlaceOrder } from '@indoubt/contracts';
import type { World } from '../scenario.ts';
import type { Outcome } from './plan-cells.ts';

const PLENTY = 100_000;

/** Enough for every cell of a lab, a product that is gone, and a customer who has nothing. */
export const MATRIX_WORLD: World = {
  products: [
    { sku: 'tea', name: 'Green tea', unitPriceCents: 450, stock: PLENTY },
    { sku: 'gone', name: 'Sold-out mug', unitPriceCents: 900, stock: 0 },
  ],
  customers: [
    { id: 'alice', name: 'Alice', balanceCents: PLENTY * 450, creditLimitCents: 0 },
    { id: 'bob', name: 'Bob', balanceCents: 0, creditLimitCents: 0 },
  ],
};

/** An order that ends so, if nothing strikes. Pure. */
export function orderFor(outcome: Outcome): PlaceOrder {
  const customerId = outcome === 'declined' ? 'bob' : 'alice';
  const sku = outcome === 'out-of-stock' ? 'gone' : 'tea';
  return { customerId, lines: [{ sku, quantity: 2 }] };
}
