import { setTimeout as wait } from 'node:timers/promises';
import type { OrderStatus, OrderView } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';

/** GET /orders/:id, waiting up to `waitS` seconds for the order's final state. */
interface OrderReader {
  readFinal(orderId: string, waitS: number): Promise<OrderView>;
}

/** Time-out of a wait in a scenario. Long, because a busy machine is slow but correct. */
const WITHIN_MS = 30_000;
const READ_S = 5;
const RETRY_MS = 50;

/**
 * Polls the order until it has this status or another final status.
 * @throws Failure 'timed-out'
 */
export async function reachStatus(
  reader: OrderReader,
  orderId: string,
  status: OrderStatus,
  signal: AbortSignal,
): Promise<OrderView> {
  const until = performance.now() + WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    const order = await readOrRetry(reader, orderId, until);
    if (order?.status === status) return order;
    const stuck = order === undefined || order.status === 'PENDING';
    if (!stuck || performance.now() > until) {
      const now = order?.status ?? 'unknown: the order cannot be read';
      throw new Failure('timed-out', `order ${orderId} should be ${status} and is ${now}`);
    }
  }
}

/**
 * A read may fail while the order service is dead, while the order is in doubt, or before the order
 * is prepared. @returns undefined when the read must be retried
 */
async function readOrRetry(reader: OrderReader, orderId: string, until: number) {
  try {
    return await reader.readFinal(orderId, READ_S);
  } catch (error) {
    const mayCome =
      error instanceof Failure && (error.certainty === 'indefinite' || error.code === 'not-found');
    if (!mayCome || performance.now() > until) throw error;
    await wait(RETRY_MS);
    return undefined;
  }
}
