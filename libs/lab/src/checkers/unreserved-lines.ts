import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { needsByOrder } from './needs.ts';

/** A line of an order that is not reserved in its quantity. `says` is the description. */
interface Unreserved {
  sku: string;
  says: string;
}

/** @returns by order id: the lines that are not reserved in their quantity */
export function unreservedLines(snapshot: Snapshot): Map<string, Unreserved[]> {
  const reserved = Map.groupBy(snapshot.reservations, ({ orderId, sku }) => `${orderId} ${sku}`);
  const unlike = ([orderId, { lines }]: [string, { lines: Snapshot['orderLines'] }]) =>
    [
      orderId,
      lines.flatMap(({ sku, quantity }) => {
        const rows = reserved.get(`${orderId} ${sku}`) ?? [];
        if (rows.some((row) => row.quantity === quantity)) return [];
        const found = rows.map((row) => row.quantity).join(', ') || 'none';
        return [{ sku, says: `${quantity} × ${sku}, but reserved ${found}` }];
      }),
    ] as const;
  return new Map([...needsByOrder(snapshot)].map(unlike));
}
