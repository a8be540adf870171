import type { Snapshot } from '../evidence/snapshot/snapshot.ts';

/** What the other services still keep for an order. */
export interface Kept {
  captured: Snapshot['payments'];
  held: Snapshot['reservations'];
}

/** @returns for each order id, also one that no order has: its CAPTURED payments and HELD stock */
export function keptByOrder({ payments, reservations }: Snapshot): Map<string, Kept> {
  const kept = new Map<string, Kept>();
  const of = (orderId: string): Kept => {
    const found = kept.get(orderId) ?? { captured: [], held: [] };
    kept.set(orderId, found);
    return found;
  };
  for (const payment of payments) {
    if (payment.status === 'CAPTURED') of(payment.orderId).captured.push(payment);
  }
  for (const reservation of reservations) {
    if (reservation.status === 'HELD') of(reservation.orderId).held.push(reservation);
  }
  return kept;
}
