import type { CreateOrder, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import type { Keys } from '@indoubt/idempotency';
import { acceptanceOf } from './acceptance.ts';
import type { Order } from './order.ts';
import { insertOrder } from './order-store.ts';

/**
 * Order's own branch: the order, confirmed from the beginning, and the answer of its key. Nobody
 * sees either before the branch is committed, and an abort leaves nothing of them. In the caller's
 * transaction.
 */
export function createCreateOrder(keys: Pick<Keys, 'complete'>) {
  return async (tx: Tx, command: CreateOrder): Promise<StepAnswer> => {
    const { orderId, customerId, totalCents, lines, attempt } = command;
    const createdAt = new Date(command.createdAt);
    const state = { status: 'CONFIRMED', reason: null, coordination: '2pc' } as const;
    const times = { createdAt, updatedAt: createdAt };
    const order: Order = { id: orderId, customerId, totalCents, lines, ...state, ...times };
    insertOrder(tx, order);
    if (await keys.complete(tx, attempt, acceptanceOf(order))) return { outcome: 'done' };
    const detail = 'Another attempt has taken over the idempotency key of this order.';
    return { outcome: 'refused', reason: 'idempotency-key-in-use', detail };
  };
}
