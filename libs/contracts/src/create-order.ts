import { z } from 'zod';
import { customerId, orderId, sku } from './identifiers.ts';
import { cents } from './money.ts';

/** Work for order's own branch of a transaction: the priced order, which is confirmed or is not. */
export const createOrder = {
  type: 'create-order',
  body: z.object({
    orderId,
    customerId,
    totalCents: cents,
    lines: z.array(z.object({ sku, quantity: z.int(), unitPriceCents: cents })),
    createdAt: z.iso.datetime(),
  }),
} as const;
export type CreateOrder = z.infer<typeof createOrder.body>;
