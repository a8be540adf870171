import { z } from 'zod';
import { sku } from './identifiers.ts';

export const LINES_MAX = 20;
const QUANTITY_MAX = 1_000;

export const orderLine = z.strictObject({ sku, quantity: z.int().min(1).max(QUANTITY_MAX) });
export type OrderLine = z.infer<typeof orderLine>;

/**
 * One to twenty lines, each sku once: a sku twice would be two prices and two reservations for one
 * thing.
 */
export const orderLines = z
  .array(orderLine)
  .min(1)
  .max(LINES_MAX)
  .refine((lines) => new Set(lines.map((line) => line.sku)).size === lines.length, {
    error: 'each sku may stand in one line only; add the quantities up',
  });
