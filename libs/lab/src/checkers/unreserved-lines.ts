import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { needsByOrder } from './needs.ts';

/** @returns for each order id: its lines that are not reserved in their quantity, in words */
export function unreservedLines(snapshot: Snapshot): Map<string, string[]> {
  const reserved = Map.groupBy(snapshot.reservations, ({ orderId, sku }) => `${orderId} ${sku}`);
  const unlike = ([orderId, { lines }]: [string, { lines: Snapshot['orderLines'] }]) =>
    [
      orderId,
      lines.flatMap(({ sku, quantity }) => {
        const rows = reserved.get(`${orderId} ${sku}`) ?? [];
        if (rows.some((row) => row.quantity === quantity)) return [];
        const found = rows.map((row) => row.quantity).join(', ') || 'none';
        return [`${quantity} × ${sku}, but reserved ${found}`];
      }),
    ] as const;
  return new Map([...needsByOrder(snapshot)].map(unlike));
}
