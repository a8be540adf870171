import { z } from 'zod';
import { sku } from './identifiers.ts';

export const LINES_MAX = 20;
const QUANTITY_MAX = 1_000;

export const orderLine = z.strictObject({ sku, quantity: z.int().min(1).max(QUANTITY_MAX) });
export type OrderLine = z.infer<typeof orderLine>;

/**
 * One to twenty lines, each with another sku: a sku in two lines could have two prices and two
 * reservations.
 */
export const orderLines = z
  .array(orderLine)
  .min(1)
  .max(LINES_MAX)
  .refine((lines) => new Set(lines.map((line) => line.sku)).size === lines.length, {
    error: 'each sku may be in one line only; add the quantities',
  });
