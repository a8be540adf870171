import { failpoint } from '@indoubt/chaos';
import type { PlaceOrder } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { record } from '@indoubt/record';
import type { Orchestrator } from '@indoubt/saga';
import { v7 } from 'uuid';
import { type Order, pendingOrder } from './order.ts';
import { insertOrder, readCatalogue } from './order-store.ts';
import type { PlaceOrderData } from './place-order-saga.ts';

/**
 * Accepts an order: order, saga and first command in the caller's transaction, all or none.
 * @returns the pending order
 * @throws Failure 'unknown-customer' or 'unknown-sku' (definite: nothing is written)
 */
export async function placeOrder(
  tx: Tx,
  sagas: Orchestrator<PlaceOrderData>,
  command: PlaceOrder,
  now: Date,
): Promise<Order> {
  const { customerId } = command;
  const skus = command.lines.map((line) => line.sku);
  const catalogue = await readCatalogue(tx, customerId, skus);
  const order = pendingOrder(command, { id: v7(), now, coordination: 'saga', ...catalogue });
  const { id: orderId, totalCents } = order;
  const sagaId = v7();
  const lines = command.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  // First in line, so that the record tells of the order before it tells of its saga.
  tx.onCommit(() =>
    record({ event: 'order-placed', orderId, sagaId, customerId, totalCents, lines }),
  );
  insertOrder(tx, order);
  await sagas.start(tx, sagaId, orderId, { orderId, customerId, totalCents, lines });
  await failpoint('placed-not-committed', orderId);
  return order;
}
