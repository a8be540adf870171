import type { Tx } from '@indoubt/database';
import { record } from '@indoubt/record';
import { endOrder } from './order-store.ts';

/** Called after the end of an order is committed. */
export type OrderEnded = (orderId: string) => void;

/** The owner's steps of the saga. They run in the transaction that advances the saga. */
export function createEndOrder(ended: OrderEnded) {
  return async (tx: Tx, step: string, orderId: string, reason: string | null): Promise<void> => {
    const status = statusAfter(step);
    const why = status === 'REJECTED' ? reason : null;
    await endOrder(tx, orderId, status, why);
    tx.onCommit(() => {
      record({ event: 'order-ended', orderId, status, reason: why });
      ended(orderId);
    });
  };
}

function statusAfter(step: string): 'CONFIRMED' | 'REJECTED' {
  if (step === 'confirm-order') return 'CONFIRMED';
  if (step === 'reject-order') return 'REJECTED';
  throw new Error(`place-order has no step "${step}" of its own`);
}
