import type { ReserveStock, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { canReserve } from './stock.ts';
import { holdStock, lockStock } from './stock-store.ts';

/**
 * Holds stock for every line of the order, or refuses and holds nothing. In the caller's
 * transaction.
 */
export async function reserveStock(tx: Tx, { orderId, lines }: ReserveStock): Promise<StepAnswer> {
  const skus = lines.map((line) => line.sku);
  const answer = canReserve(lines, await lockStock(tx, skus));
  if (answer.outcome === 'done') holdStock(tx, orderId, lines);
  return answer;
}
