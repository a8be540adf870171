import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { count } from '../text/count.ts';
import { formatCents } from '../text/format-cents.ts';
import { type Kept, keptByOrder } from './kept-by-order.ts';
import { needsByOrder, needsNothing } from './needs.ts';
import { type Violation, violation } from './violation.ts';

type Order = Snapshot['orders'][number];
type Line = Snapshot['orderLines'][number];

const NOTHING: Kept = { captured: [], held: [] };

/**
 * INV-3: an order is CONFIRMED if and only if it is paid once, and held line by line. One that
 * needs neither may have any status.
 */
export function confirmedIsComplete(snapshot: Snapshot): Violation[] {
  const kept = keptByOrder(snapshot);
  const needs = needsByOrder(snapshot);
  return snapshot.orders.flatMap((order) => {
    const orderKept = kept.get(order.id) ?? NOTHING;
    const orderNeeds = needs.get(order.id) ?? { captureCents: order.totalCents, lines: [] };
    const lacks = [
      ...paymentFaults(order, orderKept.captured),
      ...stockFaults(orderNeeds.lines, orderKept.held),
    ];
    const says = order.status === 'CONFIRMED' ? lacks : [];
    const hasAll = lacks.length === 0 && !needsNothing(orderNeeds);
    if (order.status !== 'CONFIRMED' && hasAll) says.push('is paid and held in full');
    return says.map((each) => violation(`order ${order.id} is ${order.status} but ${each}`));
  });
}

function paymentFaults({ customerId, totalCents }: Order, captured: Kept['captured']): string[] {
  const [payment] = captured;
  if (payment === undefined) {
    return totalCents === 0 ? [] : [`nothing is captured of its ${formatCents(totalCents)}`];
  }
  if (captured.length > 1) {
    const ids = captured.map(({ id }) => id).join(', ');
    return [`has ${count(captured.length, 'captured payment')}: ${ids}`];
  }
  if (totalCents === 0) return [`payment ${payment.id} was captured for what costs nothing`];
  if (payment.amountCents === totalCents && payment.customerId === customerId) return [];
  const took = `${formatCents(payment.amountCents)} from ${payment.customerId}`;
  return [`payment ${payment.id} took ${took}, not ${formatCents(totalCents)} from ${customerId}`];
}

function stockFaults(lines: Line[], held: Kept['held']): string[] {
  const bySku = Map.groupBy(held, ({ sku }) => sku);
  const ordered = new Set(lines.map(({ sku }) => sku));
  const wrong = lines.flatMap(({ sku, quantity }) => {
    const [reservation, ...more] = bySku.get(sku) ?? [];
    if (reservation === undefined) return [`nothing is held of its ${quantity} × ${sku}`];
    if (more.length > 0) {
      const ids = [reservation, ...more].map(({ id }) => id).join(', ');
      return [`has ${count(more.length + 1, 'reservation')} of ${sku}: ${ids}`];
    }
    if (reservation.quantity === quantity) return [];
    return [
      `reservation ${reservation.id} holds ${reservation.quantity}, not ${quantity} × ${sku}`,
    ];
  });
  const extra = held
    .filter(({ sku }) => !ordered.has(sku))
    .map(({ id, quantity, sku }) => `reservation ${id} holds ${quantity} × ${sku}, not needed`);
  return [...wrong, ...extra];
}
