import { z } from 'zod';
import { orderId } from './identifiers.ts';
import { TOPICS } from './topics.ts';

/** Command to inventory: undo `reserve-stock`, whether or not that step was done. */
export const releaseStock = {
  type: 'release-stock',
  undoes: 'reserve-stock',
  topic: TOPICS.inventoryCommands,
  body: z.object({ orderId }),
} as const;
export type ReleaseStock = z.infer<typeof releaseStock.body>;
