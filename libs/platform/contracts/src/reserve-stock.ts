import { z } from 'zod';
import { orderId } from './identifiers.ts';
import { orderLines } from './order-line.ts';
import { TOPICS } from './topics.ts';

/** Command to inventory: reserve stock for this order, all lines or none. */
export const reserveStock = {
  type: 'reserve-stock',
  topic: TOPICS.inventoryCommands,
  body: z.object({ orderId, lines: orderLines }),
} as const;
export type ReserveStock = z.infer<typeof reserveStock.body>;
