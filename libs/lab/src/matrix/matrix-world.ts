import type { PlaceOrder } from '@indoubt/contracts';
import type { World } from '../scenario.ts';
import type { Outcome } from './plan-cells.ts';

const PLENTY = 100_000;
const CENTS = 450;

/**
 * Enough for every cell of a lab, products that are gone, and customers who have nothing; two of
 * each, since two transactions that are prepared at once must not wait for the same row.
 */
export const MATRIX_WORLD: World = {
  products: ['tea', 'coffee', 'sold-out-tea', 'sold-out-coffee'].map((sku) => ({
    sku,
    name: sku,
    unitPriceCents: CENTS,
    stock: sku.startsWith('sold-out') ? 0 : PLENTY,
  })),
  customers: ['alice', 'anna', 'poor-bob', 'poor-ben'].map((id) => ({
    id,
    name: id,
    balanceCents: id.startsWith('poor') ? 0 : PLENTY * CENTS,
    creditLimitCents: 0,
  })),
};

/** An order that ends so, if nothing strikes. @param other  one that shares no row. Pure. */
export function orderFor(outcome: Outcome, other: boolean): PlaceOrder {
  const [rich, poor] = other ? ['anna', 'poor-ben'] : ['alice', 'poor-bob'];
  const sku = other ? 'coffee' : 'tea';
  return {
    customerId: outcome === 'declined' ? poor : rich,
    lines: [{ sku: outcome === 'out-of-stock' ? `sold-out-${sku}` : sku, quantity: 2 }],
  };
}
