import type { ReserveStock, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { canReserve, stockedLines } from './stock.ts';
import { insertReservations, lockStock } from './stock-store.ts';

/** Reserves stock for every line of the order or for none, in the caller's transaction. */
export async function reserveStock(tx: Tx, { orderId, lines }: ReserveStock): Promise<StepAnswer> {
  const skus = lines.map((line) => line.sku);
  const available = await lockStock(tx, skus);
  const answer = canReserve(lines, available);
  const stocked = stockedLines(lines, available);
  if (answer.outcome === 'done' && stocked.length > 0) insertReservations(tx, orderId, stocked);
  return answer;
}
