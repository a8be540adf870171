import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';

/**
 * What INV-5 says of every answer: how an order ended, as any client was ever told, is what its row
 * says. One that was accepted and is gone is for others to name.
 */
export function answersStand({ history, orders, acknowledged }: Snapshot): Violation[] {
  const statusOf = new Map(orders.map(({ id, status }) => [id, status]));
  const accepted = new Set(acknowledged.map(({ orderId }) => orderId));
  const told = new Map<string, Violation>();
  for (const operation of history) {
    if (operation.kind !== 'place-order' && operation.kind !== 'read-order') continue;
    const { orderId, status, outcome, returnedAt } = operation;
    if (outcome !== 'ok' || orderId === null || status === null || status === 'PENDING') continue;
    const is = statusOf.get(orderId);
    const said = `${orderId} ${status}`;
    if (is === status || told.has(said)) continue;
    if (is === undefined && accepted.has(orderId)) continue;
    const now = is === undefined ? 'does not exist' : `is ${is}`;
    const says = `order ${orderId} ${now}, but a client was told ${status}`;
    const about = { orderId, answeredAt: returnedAt ?? 0 };
    told.set(said, violation('answer-does-not-stand', about, says));
  }
  return [...told.values()];
}
