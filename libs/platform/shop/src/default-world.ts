import type { World } from './world.ts';

/** The default data of the shop; a scenario may have its own. */
export const DEFAULT_WORLD: World = {
  products: [
    { sku: 'tea', name: 'Green tea, 100 g', unitPriceCents: 450, stock: 100 },
    { sku: 'mug', name: 'Mug', unitPriceCents: 1_200, stock: 20 },
    { sku: 'kettle', name: 'Kettle', unitPriceCents: 4_900, stock: 5 },
  ],
  customers: [
    { id: 'alice', name: 'Alice', balanceCents: 100_000, creditLimitCents: 0 },
    { id: 'bob', name: 'Bob', balanceCents: 20_000, creditLimitCents: 10_000 },
    // Payments above 5.00 are declined.
    { id: 'carol', name: 'Carol', balanceCents: 500, creditLimitCents: 0 },
  ],
};
