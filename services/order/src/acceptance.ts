import type { StoredAnswer } from '@indoubt/idempotency';
import { type Order, viewOf } from './order.ts';

const DONE = 200;
const ACCEPTED = 202;

/**
 * How an order is answered when it is written: accepted while it is pending, final by two-phase
 * commit. This is what its key keeps; waiting for the end is another question. Pure.
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
