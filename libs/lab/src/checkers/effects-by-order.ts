import type { Snapshot } from '../evidence/snapshot/snapshot.ts';

/** Money and stock that are still taken for an order. */
export interface Effects {
  captured: Snapshot['payments'];
  held: Snapshot['reservations'];
}

/** @returns CAPTURED payments and HELD reservations by order id, including ids without an order */
export function effectsByOrder({ payments, reservations }: Snapshot): Map<string, Effects> {
  const effects = new Map<string, Effects>();
  const of = (orderId: string): Effects => {
    const found = effects.get(orderId) ?? { captured: [], held: [] };
    effects.set(orderId, found);
    return found;
  };
  for (const payment of payments) {
    if (payment.status === 'CAPTURED') of(payment.orderId).captured.push(payment);
  }
  for (const reservation of reservations) {
    if (reservation.status === 'HELD') of(reservation.orderId).held.push(reservation);
  }
  return effects;
}
