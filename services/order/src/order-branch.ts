import { type CreateOrder, createOrder as create, type StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import type { Keys } from '@indoubt/idempotency';
import { record } from '@indoubt/record';
import { branchWork } from '@indoubt/two-phase-commit';
import { acceptanceOf } from './acceptance.ts';
import type { Order } from './order.ts';
import { insertOrder } from './order-store.ts';

/** What the order service does as a participant of a global transaction: its own branch. */
export function orderBranch(keys: Pick<Keys, 'complete'>) {
  return {
    works: [branchWork({ ...create, act: (tx, command) => createOrder(tx, keys, command) })],
    ended(orderId: string, did: 'commit' | 'abort'): void {
      if (did === 'abort') return; // recorded with the row of the rejected order
      record({ event: 'order-ended', orderId, status: 'CONFIRMED', reason: null });
    },
  };
}

/**
 * Writes the order, confirmed from the beginning, and the answer of its key. Nobody sees either row
 * before the branch is committed, and an abort removes both. In the caller's transaction.
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
