import type { PlaceOrder } from '@indoubt/contracts';
import type { World } from '../scenario/scenario.ts';
import type { Cell } from './plan-cells.ts';

const PLENTY = 100_000;
const CENTS = 450;

/** Customers who pay by card, for the windows of card payments. */
const CARDS = ['card-dora', 'card-dina', 'card-declined-dan', 'card-declined-don'];

/**
 * Enough stock for every cell of a lab, sold-out products, and customers without money or with a
 * declined card. There are two of each, so that two concurrent transactions do not wait for the
 * same row.
 */
export const MATRIX_WORLD: World = {
  products: ['tea', 'coffee', 'sold-out-tea', 'sold-out-coffee'].map((sku) => ({
    sku,
    name: sku,
    unitPriceCents: CENTS,
    stock: sku.startsWith('sold-out') ? 0 : PLENTY,
  })),
  customers: ['alice', 'anna', 'poor-bob', 'poor-ben', ...CARDS].map((id) => ({
    id,
    name: id,
    balanceCents: id.startsWith('poor') ? 0 : PLENTY * CENTS,
    creditLimitCents: 0,
    ...(id.startsWith('card-') && { card: id }),
  })),
};

/** Windows that only an order paid by card reaches. */
const BY_CARD = [
  'requested-not-charged',
  'received-not-charged',
  'charged-not-answered',
  'charged-not-recorded',
  'held-not-worked',
];

/**
 * An order that has the cell's outcome without faults and reaches the cell's window: paid by card,
 * or of an unknown product if necessary. Pure. @param other  an order that shares no row with the
 * first
 */
export function orderFor(
  { outcome, point }: Pick<Cell, 'outcome' | 'point'>,
  other: boolean,
): PlaceOrder {
  const [, window = ''] = point.split(':');
  const [rich, poor] = BY_CARD.includes(window) ? card(other) : account(other);
  const customerId = outcome === 'declined' ? poor : rich;
  const sold = other ? 'coffee' : 'tea';
  const sku = outcome === 'out-of-stock' ? `sold-out-${sold}` : sold;
  const isUnknown = window === 'refused-not-committed';
  return { customerId, lines: [{ sku: isUnknown ? `unknown-${sold}` : sku, quantity: 2 }] };
}

type RichAndPoor = [rich: string, poor: string];

function account(other: boolean): RichAndPoor {
  return other ? ['anna', 'poor-ben'] : ['alice', 'poor-bob'];
}

function card(other: boolean): RichAndPoor {
  return other ? ['card-dina', 'card-declined-don'] : ['card-dora', 'card-declined-dan'];
}
