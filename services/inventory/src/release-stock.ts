import type { ReleaseStock, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { giveBackStock } from './stock-store.ts';

/** Undoes reserve-stock. Never refused. The inbox calls this only after a reservation. */
export async function releaseStock(tx: Tx, { orderId }: ReleaseStock): Promise<StepAnswer> {
  giveBackStock(tx, orderId);
  return { outcome: 'done' };
}
