import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { count } from '../text/count.ts';
import { formatCents } from '../text/format-cents.ts';
import { type Violation, violation } from './violation.ts';

type Charge = Snapshot['cardCharges'][number];
const OPEN = ['REQUESTED', 'HELD'];

/**
 * INV-15: the books of the card processor and payment's own say the same: an order that is paid by
 * card is charged once, with its total, on both sides; of every other order nothing is taken or
 * held.
 */
export function cardsAgree(snapshot: Snapshot): Violation[] {
  const says = [
    ...leftOpen(snapshot),
    ...differences(snapshot),
    ...wronglyCharged(snapshot),
    ...paymentsWithout(snapshot),
  ];
  return says.map((text) => violation(text));
}

function leftOpen({ cardCharges, processorCharges }: Snapshot): string[] {
  return [
    ...cardCharges
      .filter(({ status }) => OPEN.includes(status))
      .map(({ orderId, status }) => `order ${orderId}: payment's charge is still ${status}`),
    ...processorCharges
      .filter(({ status }) => status === 'HELD')
      .map(({ orderId, amountCents }) => {
        return `order ${orderId}: the card processor still holds ${formatCents(amountCents)}`;
      }),
  ];
}

/** Key by key: what one side has taken, the other has. */
function differences({ cardCharges, processorCharges }: Snapshot): string[] {
  const ours = new Map(taken(cardCharges).map((charge) => [charge.key, charge]));
  const theirs = new Map(taken(processorCharges).map((charge) => [charge.key, charge]));
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((key) => {
    const [our, their] = [ours.get(key), theirs.get(key)];
    const orderId = our?.orderId ?? their?.orderId;
    if (our === undefined) {
      return [`order ${orderId}: the card processor took ${cents(their)}, payment knows nothing`];
    }
    if (their === undefined) {
      return [`order ${orderId}: payment has ${cents(our)} as taken, the card processor has not`];
    }
    const isSame = our.orderId === their.orderId && our.amountCents === their.amountCents;
    if (isSame) return [];
    const what = `payment says ${cents(our)}, the card processor ${cents(their)}`;
    return [`order ${orderId}: ${what}, for ${their.orderId}`];
  });
}

function taken(charges: readonly Charge[]): Charge[] {
  return charges.filter(({ status }) => status === 'CAPTURED');
}

function cents(charge: Charge | undefined): string {
  return formatCents(charge?.amountCents ?? 0);
}

/** Whatever payment says: a card is charged for a CONFIRMED order, once, with its total. */
function wronglyCharged({ processorCharges, orders }: Snapshot): string[] {
  const known = new Map(orders.map((order) => [order.id, order]));
  const byOrder = Map.groupBy(taken(processorCharges), ({ orderId }) => orderId);
  return [...byOrder].flatMap(([orderId, [first, ...more]]) => {
    const order = known.get(orderId);
    const is = order?.status ?? 'unknown';
    if (is !== 'CONFIRMED') return [`order ${orderId} is ${is} but its card was charged`];
    if (more.length > 0) {
      return [`order ${orderId}: its card was charged ${count(more.length + 1, 'time')}`];
    }
    if (first?.amountCents === order?.totalCents) return [];
    const total = formatCents(order?.totalCents ?? 0);
    return [`order ${orderId} costs ${total}, but its card was charged ${cents(first)}`];
  });
}

/** A payment by card stands on a charge that is taken; one that was declined, on none. */
function paymentsWithout({ payments, cardCharges }: Snapshot): string[] {
  return payments
    .filter(({ method }) => method === 'card')
    .flatMap(({ id, orderId, status }) => {
      const own = cardCharges.filter((charge) => charge.orderId === orderId);
      const isTaken = taken(own).length > 0;
      const named = `payment ${id} (${status}) of order ${orderId}`;
      if (isTaken === (status === 'CAPTURED')) return [];
      return [`${named} is by card, and ${isTaken ? 'a' : 'no'} charge is taken`];
    });
}
