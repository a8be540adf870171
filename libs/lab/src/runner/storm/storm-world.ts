import { seededRandom } from '@indoubt/chaos';
import type { Coordination, PlaceOrder } from '@indoubt/contracts';
import type { World } from '../scenario/scenario.ts';
import type { StormCoordination, StormSchedule } from './storm-schedule.ts';

const RICH = 6;
const POOR = 2;
/** Number of rich customers who pay by card. The second has a card with a low limit. */
const CARDS = 2;
const RICH_CENTS = 1_000_000_000;
/** Enough for two or three teas. Later orders are declined. */
const POOR_CENTS = 1_500;

/**
 * A small shop. It has four products, so that orders compete for the same rows, and some sell out.
 * It has eight customers: two soon have no money, and two pay by card. Pure.
 */
export function stormWorld({ durationMs, rate }: StormSchedule): World {
  const expected = Math.ceil((durationMs / 1_000) * rate);
  const part = (share: number): number => Math.ceil(expected * share);
  const customers = Array.from({ length: RICH + POOR }, (_, n) => ({
    id: `customer-${n}`,
    name: `Customer ${n}`,
    balanceCents: n < RICH ? RICH_CENTS : POOR_CENTS,
    creditLimitCents: 0,
    ...(n < CARDS && { card: n === 0 ? 'card-storm' : 'card-storm-limit-3000' }),
  }));
  return {
    customers,
    products: [
      { sku: 'tea', name: 'Green tea, 100 g', unitPriceCents: 450, stock: 3 * expected },
      { sku: 'mug', name: 'Mug', unitPriceCents: 1_200, stock: part(0.3) },
      // So few that the checker of INV-12 can try every order of the events.
      { sku: 'teapot', name: 'Teapot', unitPriceCents: 3_900, stock: part(0.02) },
      { sku: 'kettle', name: 'Kettle', unitPriceCents: 4_900, stock: part(0.15) },
    ],
  };
}

/** One order of a storm, with a read at the same time. */
export interface StormRequest {
  order: PlaceOrder;
  coordination: Coordination;
  /** What the client reads at the same time; null for no read. */
  read: 'stock' | 'order' | 'account' | null;
}

/** The requests of a storm, one per call. The same seed gives the same requests. */
export function stormRequests(seed: number, coordination: StormCoordination): () => StormRequest {
  // A different random stream from that of the faults: fewer steps must not change the orders.
  const random = seededRandom(seed ^ 0x6c6f6164);
  const below = (count: number): number => Math.floor(random() * count);
  let n = 0;
  return () => {
    n += 1;
    const other = n % 2 === 0 ? '2pc' : 'saga';
    const first = n % RARE === 0 ? 'teapot' : (SKUS[below(SKUS.length)] ?? 'tea');
    const second = SKUS[below(SKUS.length)] ?? 'tea';
    const skus = random() < 0.25 ? [...new Set([first, second])] : [first];
    return {
      coordination: coordination === 'all' ? other : coordination,
      order: {
        customerId: `customer-${below(RICH + POOR)}`,
        lines: skus.map((sku) => ({ sku, quantity: 1 + below(2) })),
      },
      read: READS[below(READS.length)] ?? null,
    };
  };
}

const SKUS = ['tea', 'mug', 'kettle'];
const RARE = 30;
const READS = ['stock', 'order', 'account', null, null, null] as const;
