import { capturePayment, reserveStock } from '@indoubt/contracts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';
import { needsByOrder } from './needs.ts';
import { twoPhaseOrders } from './two-phase-orders.ts';
import { unreservedLines } from './unreserved-lines.ts';

/**
 * The part of INV-6 about two-phase commit: every effect belongs to a committed branch, and every
 * committed branch has its effect. An abort leaves no effect, only a tombstone.
 */
export function branchEffects(snapshot: Snapshot): Violation[] {
  const committed = snapshot.branches.filter(({ outcome }) => outcome === 'committed');
  return [
    ...effectsWithout(snapshot, committed),
    ...committed.filter(({ owner }) => owner === 'payment').flatMap(withoutPayment(snapshot)),
    ...committed.filter(({ owner }) => owner === 'inventory').flatMap(withoutStock(snapshot)),
  ];
}

type Branches = Snapshot['branches'];

function effectsWithout(snapshot: Snapshot, committed: Branches): Violation[] {
  const placed = twoPhaseOrders(snapshot);
  const has = new Set(committed.map(({ owner, transactionId }) => `${owner} ${transactionId}`));
  const effects = [
    ...snapshot.payments.map(({ id, orderId, status }) => {
      const named = `payment ${id} (${status}) of order ${orderId}`;
      return {
        owner: 'payment',
        step: capturePayment.type,
        orderId,
        isFinal: status === 'CAPTURED',
        named,
      };
    }),
    ...snapshot.reservations.map(({ id, orderId, status }) => {
      const named = `reservation ${id} (${status}) of order ${orderId}`;
      return {
        owner: 'inventory',
        step: reserveStock.type,
        orderId,
        isFinal: status === 'HELD',
        named,
      };
    }),
  ];
  return effects
    .filter(({ orderId }) => placed.has(orderId))
    .flatMap(({ owner, step, orderId, isFinal, named }) => {
      if (!isFinal) {
        const says = `${named} is there: an abort of 2PC leaves nothing`;
        return [violation('effect-of-aborted-branch', { orderId }, says, step)];
      }
      if (has.has(`${owner} ${orderId}`)) return [];
      const says = `${named} has no committed branch`;
      return [violation('effect-without-branch', { orderId }, says, step)];
    });
}

function withoutPayment(snapshot: Snapshot) {
  const needs = needsByOrder(snapshot);
  const captured = new Set(
    snapshot.payments.filter(({ status }) => status === 'CAPTURED').map(({ orderId }) => orderId),
  );
  return ({ transactionId: id }: Branches[number]): Violation[] => {
    if (captured.has(id) || needs.get(id)?.captureCents === 0) return [];
    const says = `order ${id}: payment committed its branch, but no CAPTURED row`;
    return [violation('branch-without-payment', { orderId: id }, says, capturePayment.type)];
  };
}

function withoutStock(snapshot: Snapshot) {
  const unreserved = unreservedLines(snapshot);
  return ({ transactionId: id }: Branches[number]): Violation[] =>
    (unreserved.get(id) ?? []).map(({ sku, says }) => {
      const text = `order ${id}: inventory committed for ${says}`;
      const about = { orderId: id, sku };
      return violation('branch-without-reservation', about, text, reserveStock.type);
    });
}
