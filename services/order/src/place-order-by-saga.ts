import { failpoint } from '@indoubt/chaos';
import type { PlaceOrder } from '@indoubt/contracts';
import type { Pool, Tx } from '@indoubt/database';
import { answerKeyed, type KeyedAnswer, type KeyedRequest, type Keys } from '@indoubt/idempotency';
import { record } from '@indoubt/record';
import type { Orchestrator } from '@indoubt/saga';
import { v7 } from 'uuid';
import { acceptanceOf } from './acceptance.ts';
import { type Order, pendingOrder } from './order.ts';
import { type OrderData, orderDataOf } from './order-commands.ts';
import { insertOrder, readCatalogue } from './order-store.ts';

export interface PlaceOrderBySagaParts {
  pool: Pool;
  keys: Keys;
  sagas: Orchestrator<OrderData>;
}

/**
 * Accepts an order: key, order, saga and first command are one transaction.
 * @returns the acceptance of the pending order, or the stored answer of its key
 * @throws Failure 'idempotency-key-reused' (definite), 'idempotency-key-in-use' (indefinite)
 */
export function placeOrderBySaga(
  { pool, keys, sagas }: PlaceOrderBySagaParts,
  command: PlaceOrder,
  request: KeyedRequest,
): Promise<KeyedAnswer> {
  return answerKeyed(pool, keys, request, async (tx) =>
    acceptanceOf(await startOrder(tx, sagas, command, new Date())),
  );
}

/** @throws Failure 'unknown-customer' or 'unknown-sku' (definite: nothing is written) */
async function startOrder(
  tx: Tx,
  sagas: Orchestrator<OrderData>,
  command: PlaceOrder,
  now: Date,
): Promise<Order> {
  const skus = command.lines.map((line) => line.sku);
  const catalogue = await readCatalogue(tx, command.customerId, skus);
  const order = pendingOrder(command, { id: v7(), now, coordination: 'saga', ...catalogue });
  const data = orderDataOf(order);
  const sagaId = v7();
  const { orderId } = data;
  // Registered first, so that the order is recorded before its saga.
  tx.onCommit(() => record({ event: 'order-placed', ...data, sagaId, coordination: 'saga' }));
  insertOrder(tx, order);
  await sagas.start(tx, sagaId, orderId, data);
  await failpoint('placed-not-committed', orderId);
  return order;
}
