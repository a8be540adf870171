import { capturePayment, reserveStock } from '@indoubt/contracts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import {
  type About,
  type Violation,
  type ViolationKind,
  violation,
} from '../evidence/violation.ts';
import { count } from '../text/count.ts';
import { formatCents } from '../text/format-cents.ts';
import { type Effects, effectsByOrder } from './effects-by-order.ts';
import { needsByOrder, needsNothing } from './needs.ts';

type Order = Snapshot['orders'][number];
type Line = Snapshot['orderLines'][number];

/** What an order lacks or has too much of. `says` is the end of a sentence about the order. */
interface Fault {
  kind: ViolationKind;
  step?: string;
  about?: About;
  says: string;
}

const NOTHING: Effects = { captured: [], held: [] };

/**
 * INV-3: an order is CONFIRMED if and only if it is paid once and each of its lines is held. An
 * order that needs neither payment nor stock may have any status.
 */
export function confirmedIsComplete(snapshot: Snapshot): Violation[] {
  const effects = effectsByOrder(snapshot);
  const needs = needsByOrder(snapshot);
  return snapshot.orders.flatMap((order) => {
    const orderEffects = effects.get(order.id) ?? NOTHING;
    const orderNeeds = needs.get(order.id) ?? { captureCents: order.totalCents, lines: [] };
    const lacks = [
      ...paymentFaults(order, orderEffects.captured),
      ...stockFaults(orderNeeds.lines, orderEffects.held),
    ];
    const faults = order.status === 'CONFIRMED' ? lacks : [];
    const hasAll = lacks.length === 0 && !needsNothing(orderNeeds);
    if (order.status !== 'CONFIRMED' && hasAll) {
      faults.push({ kind: 'complete-but-not-confirmed', says: 'is paid and held in full' });
    }
    return faults.map(({ kind, step, about, says }) => {
      const text = `order ${order.id} is ${order.status} but ${says}`;
      return violation(kind, { orderId: order.id, ...about }, text, step);
    });
  });
}

function paymentFaults({ customerId, totalCents }: Order, captured: Effects['captured']): Fault[] {
  const [payment] = captured;
  const fault = (kind: ViolationKind, says: string): Fault[] => [
    { kind, step: capturePayment.type, says },
  ];
  if (payment === undefined) {
    if (totalCents === 0) return [];
    return fault('nothing-captured', `nothing is captured of its ${formatCents(totalCents)}`);
  }
  if (captured.length > 1) {
    const ids = captured.map(({ id }) => id).join(', ');
    const says = `has ${count(captured.length, 'captured payment')}: ${ids}`;
    return fault('captured-several-times', says);
  }
  if (totalCents === 0) {
    const says = `payment ${payment.id} was captured for a free order`;
    return fault('captured-for-nothing', says);
  }
  if (payment.amountCents === totalCents && payment.customerId === customerId) return [];
  const took = `${formatCents(payment.amountCents)} from ${payment.customerId}`;
  const owed = `${formatCents(totalCents)} from ${customerId}`;
  return fault('captured-otherwise', `payment ${payment.id} took ${took}, not ${owed}`);
}

function stockFaults(lines: Line[], held: Effects['held']): Fault[] {
  const fault = (kind: ViolationKind, sku: string, says: string): Fault => {
    return { kind, step: reserveStock.type, about: { sku }, says };
  };
  const bySku = Map.groupBy(held, ({ sku }) => sku);
  const ordered = new Set(lines.map(({ sku }) => sku));
  const wrong = lines.flatMap(({ sku, quantity }) => {
    const [reservation, ...more] = bySku.get(sku) ?? [];
    if (reservation === undefined) {
      return [fault('nothing-held', sku, `nothing is held of its ${quantity} × ${sku}`)];
    }
    if (more.length > 0) {
      const ids = [reservation, ...more].map(({ id }) => id).join(', ');
      const says = `has ${count(more.length + 1, 'reservation')} of ${sku}: ${ids}`;
      return [fault('held-several-times', sku, says)];
    }
    if (reservation.quantity === quantity) return [];
    const holds = `reservation ${reservation.id} holds ${reservation.quantity}`;
    return [fault('held-otherwise', sku, `${holds}, not ${quantity} × ${sku}`)];
  });
  const extra = held
    .filter(({ sku }) => !ordered.has(sku))
    .map(({ id, quantity, sku }) => {
      const says = `reservation ${id} holds ${quantity} × ${sku}, not needed`;
      return fault('held-without-need', sku, says);
    });
  return [...wrong, ...extra];
}
