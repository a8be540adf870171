import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';

/**
 * The part of INV-5 about responses: each final status that a client ever received equals the
 * status in `orders`. An accepted order without a row is reported by `acknowledgedExists`.
 */
export function answersStand({ history, orders, acknowledged }: Snapshot): Violation[] {
  const statusOf = new Map(orders.map(({ id, status }) => [id, status]));
  const accepted = new Set(acknowledged.map(({ orderId }) => orderId));
  const found = new Map<string, Violation>();
  for (const operation of history) {
    if (operation.kind !== 'place-order' && operation.kind !== 'read-order') continue;
    const { orderId, status, outcome, returnedAt } = operation;
    if (outcome !== 'ok' || orderId === null || status === null || status === 'PENDING') continue;
    const is = statusOf.get(orderId);
    const said = `${orderId} ${status}`;
    if (is === status || found.has(said)) continue;
    if (is === undefined && accepted.has(orderId)) continue;
    const now = is === undefined ? 'does not exist' : `is ${is}`;
    const says = `order ${orderId} ${now}, but a client got ${status}`;
    const about = { orderId, answeredAt: returnedAt ?? 0 };
    found.set(said, violation('answer-does-not-stand', about, says));
  }
  return [...found.values()];
}
