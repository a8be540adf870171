import type { ClientOperation } from '../history/history-of.ts';
import type { Snapshot } from './snapshot.ts';

/** Milliseconds between two orders; each order has ended before the next. */
const EACH_MS = 100;

/** The client of this order repeated its request, with the same key. */
const REPEATED = 1;

/**
 * Requests and responses of the clients of these orders: each client read the stock of the first
 * line, placed the order, and received the final status at last.
 */
export function healthyHistory({ orders, orderLines, stock, keys }: Snapshot): ClientOperation[] {
  const available = new Map(stock.map(({ sku, opening }) => [sku, opening]));
  return orders.flatMap(({ id, status, reason }, index): ClientOperation[] => {
    const from = index * EACH_MS;
    const lines = orderLines.filter(({ orderId }) => orderId === id);
    const sku = lines[0]?.sku ?? '';
    const seen = { kind: 'read-stock', sku, available: available.get(sku) ?? 0 } as const;
    for (const line of status === 'CONFIRMED' ? lines : []) {
      available.set(line.sku, (available.get(line.sku) ?? 0) - line.quantity);
    }
    const ok = { outcome: 'ok', traceId: null } as const;
    const { key = '', status: httpStatus = 0, bodyHash = '' } = keys[index] ?? {};
    const request = { key, caller: null, request: `request-${index + 1}`, code: null };
    const keyed = { ...request, httpStatus, bodyHash, replayed: false };
    const placed = { kind: 'place-order', orderId: id, status, reason, ...keyed } as const;
    const again = { invokedAt: from + 91, returnedAt: from + 95, replayed: true };
    return [
      { ...seen, ...ok, invokedAt: from, returnedAt: from + 10 },
      { ...placed, ...ok, invokedAt: from + 20, returnedAt: from + 90 },
      ...(index === REPEATED ? [{ ...placed, ...ok, ...again }] : []),
    ];
  });
}
