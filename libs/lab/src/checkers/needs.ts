import type { Snapshot } from '../evidence/snapshot/snapshot.ts';

/** What an order needs to be CONFIRMED. An order that is free and made to order needs nothing. */
export interface Needs {
  captureCents: number;
  /** Its lines without those that are made to order: these have no stock and no reservation. */
  lines: Snapshot['orderLines'];
}

/** @returns by order id: what that order needs */
export function needsByOrder({ orders, orderLines, stock }: Snapshot): Map<string, Needs> {
  const madeToOrder = new Set(stock.filter((row) => row.madeToOrder).map(({ sku }) => sku));
  const stocked = orderLines.filter(({ sku }) => !madeToOrder.has(sku));
  const lines = Map.groupBy(stocked, ({ orderId }) => orderId);
  return new Map(
    orders.map(({ id, totalCents }) => [
      id,
      { captureCents: totalCents, lines: lines.get(id) ?? [] },
    ]),
  );
}

/** Whether the order can be CONFIRMED without payment and without reservation. */
export function needsNothing({ captureCents, lines }: Needs): boolean {
  return captureCents === 0 && lines.length === 0;
}
