import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, type ViolationKind, violation } from '../evidence/violation.ts';

/**
 * INV-2: for each sku, the opening stock equals available plus held stock, and the held stock
 * equals the HELD reservations. Nothing is held of a sku that is made to order.
 */
export function stockConserved({ stock, reservations }: Snapshot): Violation[] {
  const reserved = new Map(stock.map(({ sku }) => [sku, 0]));
  const madeToOrder = new Set(stock.filter((row) => row.madeToOrder).map(({ sku }) => sku));
  const strangers: Violation[] = [];
  for (const { id, orderId, sku, quantity, status } of reservations) {
    const before = reserved.get(sku);
    if (madeToOrder.has(sku)) {
      const says = `reservation ${id} is of ${sku}, which is made to order`;
      strangers.push(violation('reservation-of-made-to-order', { orderId, sku }, says));
    }
    if (before === undefined) {
      const says = `reservation ${id} is of ${sku}, which is not in stock`;
      strangers.push(violation('reservation-of-unknown-sku', { orderId, sku }, says));
    } else if (status === 'HELD') {
      reserved.set(sku, before + quantity);
    }
  }
  const unbalanced = stock.flatMap(({ sku, opening, available, held }) => {
    const found: Violation[] = [];
    const add = (kind: ViolationKind, says: string) =>
      found.push(violation(kind, { sku }, `stock of ${sku}: ${says}`));
    if (opening !== available + held) {
      add('stock-out-of-balance', `${opening} opening, but ${available} available + ${held} held`);
    }
    const inReservations = reserved.get(sku) ?? 0;
    if (held !== inReservations) {
      add('stock-unlike-reservations', `${held} held, but ${inReservations} in reservations`);
    }
    if (available < 0 || held < 0) {
      add('stock-below-zero', `${available} available, ${held} held: below zero`);
    }
    return found;
  });
  return [...unbalanced, ...strangers];
}
