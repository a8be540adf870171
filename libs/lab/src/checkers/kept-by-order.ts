import type { Snapshot } from '../evidence/snapshot/snapshot.ts';

/** Money and stock that are still taken for an order. */
export interface Kept {
  captured: Snapshot['payments'];
  held: Snapshot['reservations'];
}

/** @returns CAPTURED payments and HELD reservations by order id, including ids without an order */
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
