import { z } from 'zod';
import { sku } from './identifiers.ts';

/** The stock of a sku in GET /stock/:sku: available for sale, and held for orders. */
export const stockView = z
  .object({ sku, available: z.int().min(0), held: z.int().min(0) })
  .meta({ id: 'Stock' });
export type StockView = z.infer<typeof stockView>;
