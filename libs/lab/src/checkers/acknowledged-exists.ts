import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';
import { formatCents } from '../text/format-cents.ts';
import { answersStand } from './answers-stand.ts';

type Line = { sku: string; quantity: number };

/**
 * INV-5: every order that was acknowledged to a client exists as requested. Its total is right, and
 * its final status is the one that clients received.
 */
export function acknowledgedExists(snapshot: Snapshot): Violation[] {
  const orders = new Map(snapshot.orders.map((order) => [order.id, order]));
  const lines = Map.groupBy(snapshot.orderLines, ({ orderId }) => orderId);
  const unlike = snapshot.acknowledged.flatMap(({ orderId, customerId, lines: requested }) => {
    const order = orders.get(orderId);
    if (order === undefined) {
      const says = `order ${orderId} was accepted for ${customerId}, but does not exist`;
      return [violation('accepted-but-missing', { orderId, customerId }, says)];
    }
    const found: Violation[] = [];
    if (order.customerId !== customerId) {
      const says = `order ${orderId} is of ${order.customerId}, but ${customerId} requested it`;
      found.push(violation('accepted-for-another-customer', { orderId, customerId }, says));
    }
    const [has, wanted] = [lines.get(orderId) ?? [], requested].map(listed);
    if (has !== wanted) {
      const says = `order ${orderId} is for ${has}, but ${wanted} was requested`;
      found.push(violation('accepted-with-other-lines', { orderId }, says));
    }
    return found;
  });
  return [...unlike, ...wrongTotals(snapshot, lines), ...answersStand(snapshot)];
}

function listed(lines: Line[]): string {
  const each = lines.map(({ sku, quantity }) => `${quantity} × ${sku}`);
  return each.length === 0 ? 'nothing' : each.toSorted().join(', ');
}

function wrongTotals(
  { orders }: Snapshot,
  lines: Map<string, Snapshot['orderLines']>,
): Violation[] {
  return orders.flatMap(({ id, totalCents }) => {
    const sum = (lines.get(id) ?? []).reduce(
      (cents, { quantity, unitPriceCents }) => cents + quantity * unitPriceCents,
      0,
    );
    if (sum === totalCents) return [];
    const says = `has a total of ${formatCents(totalCents)}, but lines of ${formatCents(sum)}`;
    return [violation('total-unlike-lines', { orderId: id }, `order ${id} ${says}`)];
  });
}
