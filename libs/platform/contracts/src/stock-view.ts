import { z } from 'zod';
import { sku } from './identifiers.ts';

/** Stock of one sku as GET /stock/:sku shows it: what can be sold, and what orders hold. */
export const stockView = z
  .object({ sku, available: z.int().min(0), held: z.int().min(0) })
  .meta({ id: 'Stock' });
export type StockView = z.infer<typeof stockView>;
