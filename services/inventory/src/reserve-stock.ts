import type { ReserveStock, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { canReserve, keptLines } from './stock.ts';
import { holdStock, lockStock } from './stock-store.ts';

/**
 * Holds stock for every line of the order, or refuses and holds nothing. In the caller's
 * transaction.
 */
export async function reserveStock(tx: Tx, { orderId, lines }: ReserveStock): Promise<StepAnswer> {
  const skus = lines.map((line) => line.sku);
  const available = await lockStock(tx, skus);
  const answer = canReserve(lines, available);
  const held = keptLines(lines, available);
  if (answer.outcome === 'done' && held.length > 0) holdStock(tx, orderId, held);
  return answer;
}
