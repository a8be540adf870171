import { z } from 'zod';
import { coordination } from './coordination.ts';
import { customerId, orderId, sku } from './identifiers.ts';
import { cents } from './money.ts';

const ORDER_STATUSES = ['PENDING', 'CONFIRMED', 'REJECTED'] as const;
export const orderStatus = z.enum(ORDER_STATUSES);
export type OrderStatus = z.infer<typeof orderStatus>;

/** An order in GET /orders/:id. */
export const orderView = z
  .object({
    id: orderId,
    customerId,
    status: orderStatus,
    /** How the order was placed. */
    coordination,
    /** The failure code of a REJECTED order; else null. */
    reason: z.string().nullable(),
    totalCents: cents,
    lines: z.array(z.object({ sku, quantity: z.int(), unitPriceCents: cents })),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Order' });
export type OrderView = z.infer<typeof orderView>;

/** A page of GET /orders; `next` is the cursor of the next page, null on the last. */
export const orderPage = z
  .object({ items: z.array(orderView), next: z.string().nullable() })
  .meta({ id: 'OrderPage' });
