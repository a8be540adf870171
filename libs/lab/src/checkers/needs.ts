import type { Snapshot } from '../evidence/snapshot/snapshot.ts';

/** What an order cannot be CONFIRMED without: nothing, when it is free and made to order. */
export interface Needs {
  captureCents: number;
  /** Its lines but for what is made to order: of that nothing is kept, and nothing reserved. */
  lines: Snapshot['orderLines'];
}

/** @returns for each order id, what that order needs */
export function needsByOrder({ orders, orderLines, stock }: Snapshot): Map<string, Needs> {
  const madeToOrder = new Set(stock.filter((row) => row.madeToOrder).map(({ sku }) => sku));
  const kept = orderLines.filter(({ sku }) => !madeToOrder.has(sku));
  const lines = Map.groupBy(kept, ({ orderId }) => orderId);
  return new Map(
    orders.map(({ id, totalCents }) => [
      id,
      { captureCents: totalCents, lines: lines.get(id) ?? [] },
    ]),
  );
}

/** Whether it can be CONFIRMED with nothing paid and nothing held. */
export function needsNothing({ captureCents, lines }: Needs): boolean {
  return captureCents === 0 && lines.length === 0;
}
