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
    /** The request that places it, and the attempt that may answer it: one that was taken over
     * finds that out here, and votes no. */
    attempt: z.object({
      id: z.uuid(),
      request: z.object({ scope: z.string(), key: z.string(), fingerprint: z.string() }),
      hasRow: z.boolean(),
    }),
  }),
} as const;
export type CreateOrder = z.infer<typeof createOrder.body>;
