import type { CreateOrder, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { insertOrder } from './order-store.ts';

/**
 * Order's own branch: the order, confirmed from the beginning. Nobody sees it before the branch is
 * committed, and an abort leaves nothing of it. In the caller's transaction.
 */
export async function createOrder(tx: Tx, command: CreateOrder): Promise<StepAnswer> {
  const { orderId, customerId, totalCents, lines } = command;
  const createdAt = new Date(command.createdAt);
  const state = { status: 'CONFIRMED', reason: null, coordination: '2pc' } as const;
  const times = { createdAt, updatedAt: createdAt };
  insertOrder(tx, { id: orderId, customerId, totalCents, lines, ...state, ...times });
  return { outcome: 'done' };
}
