import { type CreateOrder, createOrder as create, type StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import type { Keys } from '@indoubt/idempotency';
import { record } from '@indoubt/record';
import { branchWork } from '@indoubt/two-phase-commit';
import { acceptanceOf } from './acceptance.ts';
import type { Order } from './order.ts';
import { insertOrder } from './order-store.ts';

/** The branch of the order service in a global transaction. */
export function orderBranch(keys: Pick<Keys, 'complete'>) {
  return {
    works: [branchWork({ ...create, act: (tx, command) => createOrder(tx, keys, command) })],
    ended(orderId: string, did: 'commit' | 'abort'): void {
      if (did === 'abort') return; // the rejected order is recorded when its row is inserted
      record({ event: 'order-ended', orderId, status: 'CONFIRMED', reason: null });
    },
  };
}

/**
 * Writes the confirmed order and the answer of its key in the caller's transaction. Both rows are
 * visible only after the branch is committed, and an abort removes both.
 */
async function createOrder(
  tx: Tx,
  keys: Pick<Keys, 'complete'>,
  command: CreateOrder,
): Promise<StepAnswer> {
  const { orderId, customerId, totalCents, lines, attempt } = command;
  const createdAt = new Date(command.createdAt);
  const state = { status: 'CONFIRMED', reason: null, coordination: '2pc' } as const;
  const times = { createdAt, updatedAt: createdAt };
  const order: Order = { id: orderId, customerId, totalCents, lines, ...state, ...times };
  insertOrder(tx, order);
  if (await keys.complete(tx, attempt, acceptanceOf(order))) return { outcome: 'done' };
  const detail = 'Another attempt has taken over the idempotency key of this order.';
  return { outcome: 'refused', reason: 'idempotency-key-in-use', detail };
}
