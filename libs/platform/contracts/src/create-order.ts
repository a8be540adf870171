import { z } from 'zod';
import { customerId, orderId } from './identifiers.ts';
import { cents } from './money.ts';
import { LINES_MAX, orderLine } from './order-line.ts';

/** Work for order's own branch of a transaction: insert the priced order as CONFIRMED. */
export const createOrder = {
  type: 'create-order',
  body: z.object({
    orderId,
    customerId,
    totalCents: cents,
    lines: z
      .array(orderLine.extend({ unitPriceCents: cents }))
      .min(1)
      .max(LINES_MAX),
    createdAt: z.iso.datetime(),
    /** The request that places the order, and the attempt that may answer the request. A branch
     * of an attempt whose key was taken over votes no. */
    attempt: z.object({
      id: z.uuid(),
      request: z.object({ scope: z.string(), key: z.string(), fingerprint: z.string() }),
      hasRow: z.boolean(),
    }),
  }),
} as const;
export type CreateOrder = z.infer<typeof createOrder.body>;
