import { capturePayment, reserveStock } from '@indoubt/contracts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';
import { formatCents } from '../text/format-cents.ts';
import { type Effects, effectsByOrder } from './effects-by-order.ts';
import { needsByOrder, needsNothing } from './needs.ts';

/**
 * INV-4: an order is REJECTED if and only if it has no captured payment and no held stock. An order
 * that does not exist is checked like a rejected order. An order that needs neither payment nor
 * stock may be CONFIRMED.
 */
export function rejectedIsEmpty(snapshot: Snapshot): Violation[] {
  const effects = effectsByOrder(snapshot);
  const status = new Map(snapshot.orders.map((order) => [order.id, order.status]));
  const tooMuch = [...effects].flatMap(([orderId, orderEffects]) => {
    const is = status.get(orderId) ?? 'unknown';
    if (is !== 'REJECTED' && is !== 'unknown') return [];
    return effectsLeft(orderId, is, orderEffects);
  });
  const needs = needsByOrder(snapshot);
  const free = new Set([...needs].filter(([, each]) => needsNothing(each)).map(([id]) => id));
  const tooLittle = snapshot.orders
    .filter(({ id, status: is }) => is !== 'REJECTED' && !effects.has(id) && !free.has(id))
    .map(({ id, status: is }) => {
      const says = `order ${id} is ${is} but nothing is paid or held`;
      return violation('empty-but-not-rejected', { orderId: id }, says);
    });
  return [...tooMuch, ...tooLittle];
}

function effectsLeft(
  orderId: string,
  is: 'REJECTED' | 'unknown',
  { captured, held }: Effects,
): Violation[] {
  const [isCaptured, isHeld] =
    is === 'REJECTED'
      ? (['rejected-but-captured', 'rejected-but-held'] as const)
      : (['unknown-but-captured', 'unknown-but-held'] as const);
  const but = `order ${orderId} is ${is} but`;
  return [
    ...captured.map(({ id, amountCents }) => {
      const says = `${but} payment ${id} took ${formatCents(amountCents)}`;
      return violation(isCaptured, { orderId }, says, capturePayment.type);
    }),
    ...held.map(({ id, quantity, sku }) => {
      const says = `${but} reservation ${id} still holds ${quantity} × ${sku}`;
      return violation(isHeld, { orderId, sku }, says, reserveStock.type);
    }),
  ];
}
