import { z } from 'zod';
import { customerId } from './identifiers.ts';
import { orderLines } from './order-line.ts';

/** Body of POST /orders. */
export const placeOrder = z
  .strictObject({ customerId, lines: orderLines })
  .meta({ id: 'PlaceOrder' });
export type PlaceOrder = z.infer<typeof placeOrder>;
