import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, type ViolationKind, violation } from '../evidence/violation.ts';
import { count } from '../text/count.ts';
import { formatCents } from '../text/format-cents.ts';

type Charge = Snapshot['cardCharges'][number];
const OPEN = ['REQUESTED', 'HELD'];

/**
 * INV-15: the card processor and payment record the same charges. An order that is paid by card is
 * charged once, with its total, on both sides. For every other order nothing is captured or held.
 */
export function cardsAgree(snapshot: Snapshot): Violation[] {
  return [
    ...leftOpen(snapshot),
    ...differences(snapshot),
    ...wronglyCharged(snapshot),
    ...paymentsWithout(snapshot),
  ];
}

function leftOpen({ cardCharges, processorCharges }: Snapshot): Violation[] {
  return [
    ...cardCharges
      .filter(({ status }) => OPEN.includes(status))
      .map(({ orderId, status }) => {
        const says = `order ${orderId}: payment's charge is still ${status}`;
        return violation('charge-open', { orderId }, says);
      }),
    ...processorCharges
      .filter(({ status }) => status === 'HELD')
      .map(({ orderId, amountCents }) => {
        const says = `order ${orderId}: the card processor still holds ${formatCents(amountCents)}`;
        return violation('card-still-held', { orderId }, says);
      }),
  ];
}

/** Compares the CAPTURED charges of both sides by their idempotency key. */
function differences({ cardCharges, processorCharges }: Snapshot): Violation[] {
  const ours = new Map(taken(cardCharges).map((charge) => [charge.key, charge]));
  const theirs = new Map(taken(processorCharges).map((charge) => [charge.key, charge]));
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) => {
    const [our, their] = [ours.get(key), theirs.get(key)];
    const orderId = (our ?? their)?.orderId ?? '';
    const differs = (kind: ViolationKind, says: string): Violation[] => {
      return [violation(kind, { orderId }, `order ${orderId}: ${says}`)];
    };
    if (our === undefined) {
      const says = `the card processor took ${cents(their)}, payment has no such charge`;
      return differs('charge-unknown-to-payment', says);
    }
    if (their === undefined) {
      const says = `payment captured ${cents(our)}, the card processor has no such charge`;
      return differs('charge-unknown-to-processor', says);
    }
    const isSame = our.orderId === their.orderId && our.amountCents === their.amountCents;
    if (isSame) return [];
    const what = `payment charged ${cents(our)}, the card processor ${cents(their)}`;
    return differs('charges-differ', `${what} for order ${their.orderId}`);
  });
}

function taken(charges: readonly Charge[]): Charge[] {
  return charges.filter(({ status }) => status === 'CAPTURED');
}

function cents(charge: Charge | undefined): string {
  return formatCents(charge?.amountCents ?? 0);
}

/**
 * Compares the processor with the orders, independently of payment: a card is charged once, with
 * the order's total, and only for a CONFIRMED order.
 */
function wronglyCharged({ processorCharges, orders }: Snapshot): Violation[] {
  const known = new Map(orders.map((order) => [order.id, order]));
  const byOrder = Map.groupBy(taken(processorCharges), ({ orderId }) => orderId);
  return [...byOrder].flatMap(([orderId, [first, ...more]]) => {
    const order = known.get(orderId);
    const is = order?.status ?? 'unknown';
    if (is !== 'CONFIRMED') {
      const says = `order ${orderId} is ${is} but its card was charged`;
      return [violation('charged-but-not-confirmed', { orderId }, says)];
    }
    if (more.length > 0) {
      const says = `order ${orderId}: its card was charged ${count(more.length + 1, 'time')}`;
      return [violation('charged-several-times', { orderId }, says)];
    }
    if (first?.amountCents === order?.totalCents) return [];
    const total = formatCents(order?.totalCents ?? 0);
    const says = `order ${orderId} costs ${total}, but its card was charged ${cents(first)}`;
    return [violation('charged-other-than-total', { orderId }, says)];
  });
}

/** A CAPTURED payment by card needs a captured charge; a DECLINED payment must not have one. */
function paymentsWithout({ payments, cardCharges }: Snapshot): Violation[] {
  return payments
    .filter(({ method }) => method === 'card')
    .flatMap(({ id, orderId, status }) => {
      const own = cardCharges.filter((charge) => charge.orderId === orderId);
      const isTaken = taken(own).length > 0;
      const named = `payment ${id} (${status}) of order ${orderId}`;
      if (isTaken === (status === 'CAPTURED')) return [];
      const says = `${named} is by card, and ${isTaken ? 'a' : 'no'} charge is captured`;
      return [violation('payment-unlike-charge', { orderId }, says)];
    });
}
