import type { StoredAnswer } from '@indoubt/idempotency';
import { type Order, viewOf } from './order.ts';

const DONE = 200;
const ACCEPTED = 202;

/**
 * The stored answer to a placed order: 202 while the order is pending (saga), 200 when it is final
 * (two-phase commit). `Prefer: wait` does not change the stored answer. Pure.
 */
export function acceptanceOf(order: Order): StoredAnswer {
  const { id, coordination, status } = order;
  return {
    status: status === 'PENDING' ? ACCEPTED : DONE,
    headers: {
      Location: `/orders/${id}`,
      'Preference-Applied': `coordination=${coordination}`,
    },
    body: viewOf(order),
  };
}
