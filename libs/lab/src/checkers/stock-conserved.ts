import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from './violation.ts';

/**
 * INV-2: of each sku, what there was is available or held; what is held, is held for an order, and
 * nothing is held of what is made to order.
 */
export function stockConserved({ stock, reservations }: Snapshot): Violation[] {
  const reserved = new Map(stock.map(({ sku }) => [sku, 0]));
  const madeToOrder = new Set(stock.filter((row) => row.madeToOrder).map(({ sku }) => sku));
  const strangers: Violation[] = [];
  for (const { id, sku, quantity, status } of reservations) {
    const before = reserved.get(sku);
    if (madeToOrder.has(sku)) {
      strangers.push(violation(`reservation ${id} is of ${sku}, which is made to order`));
    }
    if (before === undefined) {
      strangers.push(violation(`reservation ${id} is of ${sku}, which is not in stock`));
    } else if (status === 'HELD') {
      reserved.set(sku, before + quantity);
    }
  }
  const unbalanced = stock.flatMap(({ sku, opening, available, held }) => {
    const says: string[] = [];
    if (opening !== available + held) {
      says.push(`${opening} opening, but ${available} available + ${held} held`);
    }
    const inReservations = reserved.get(sku) ?? 0;
    if (held !== inReservations) says.push(`${held} held, but ${inReservations} in reservations`);
    if (available < 0 || held < 0) says.push(`${available} available, ${held} held: below zero`);
    return says.map((each) => violation(`stock of ${sku}: ${each}`, { sku }));
  });
  return [...unbalanced, ...strangers];
}
