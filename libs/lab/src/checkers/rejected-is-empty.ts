import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { formatCents } from '../text/format-cents.ts';
import { type Kept, keptByOrder } from './kept-by-order.ts';
import { needsByOrder, needsNothing } from './needs.ts';
import { type Violation, violation } from './violation.ts';

/**
 * INV-4: an order is REJECTED if and only if no money and no stock is kept for it. An order that
 * does not exist is judged like a rejected one; one that needs neither may be CONFIRMED on nothing.
 */
export function rejectedIsEmpty(snapshot: Snapshot): Violation[] {
  const kept = keptByOrder(snapshot);
  const status = new Map(snapshot.orders.map((order) => [order.id, order.status]));
  const tooMuch = [...kept].flatMap(([orderId, orderKept]) => {
    const is = status.get(orderId) ?? 'unknown';
    if (is !== 'REJECTED' && is !== 'unknown') return [];
    return keeps(orderKept).map((each) => violation(`order ${orderId} is ${is} but ${each}`));
  });
  const needs = needsByOrder(snapshot);
  const free = new Set([...needs].filter(([, each]) => needsNothing(each)).map(([id]) => id));
  const tooLittle = snapshot.orders
    .filter(({ id, status: is }) => is !== 'REJECTED' && !kept.has(id) && !free.has(id))
    .map(({ id, status: is }) => violation(`order ${id} is ${is} but nothing is paid or held`));
  return [...tooMuch, ...tooLittle];
}

function keeps({ captured, held }: Kept): string[] {
  return [
    ...captured.map(({ id, amountCents }) => `payment ${id} took ${formatCents(amountCents)}`),
    ...held.map(({ id, quantity, sku }) => `reservation ${id} still holds ${quantity} × ${sku}`),
  ];
}
