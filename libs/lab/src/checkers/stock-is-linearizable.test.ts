import { expect, test } from 'vitest';
import type { ClientOperation } from '../evidence/history/history-of.ts';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { searchedHistories, stockIsLinearizable } from './stock-is-linearizable.ts';

// Tea: 5 at first; order-1 holds 2 at [20, 90], order-2 1 for a while at [120, 190], order-3 is
// refused 9 at [220, 290]. Jugs: 1 at first, which order-4 holds from 320 on, by 2PC.

function read(sku: string, available: number, from: number, to: number): ClientOperation {
  const times = { invokedAt: from, returnedAt: to };
  return { kind: 'read-stock', sku, available, ...times, outcome: 'ok', traceId: null };
}

function withReads(...reads: ClientOperation[]): Snapshot {
  const snapshot = healthySnapshot();
  snapshot.history.push(...reads);
  return snapshot;
}

test('INV-12 holds in a healthy lab', () => {
  expect(stockIsLinearizable(healthySnapshot())).toEqual([]);
});

test.each([
  ['a read during the taking saw the stock before it', read('tea', 5, 30, 40)],
  ['a read during the taking saw the stock after it', read('tea', 3, 30, 40)],
  ['a read saw stock held for an order that is declined later', read('tea', 2, 130, 140)],
  [
    'a read after the decision of 2PC saw the stock before the commit of inventory',
    read('jug', 1, 395, 399),
  ],
  [
    'a read after the decision of 2PC saw the stock after the commit of inventory',
    read('jug', 0, 395, 399),
  ],
  ['a read got no response', { ...read('tea', 9, 30, 40), outcome: 'unknown' as const }],
  ['the sku is made to order', read('song', 0, 30, 40)],
])('INV-12 holds when %s', (_what, operation) => {
  expect(stockIsLinearizable(withReads(operation))).toEqual([]);
});

test('INV-12 is broken by a read of stock that was already taken', () => {
  expect(stockIsLinearizable(withReads(read('tea', 5, 95, 99)))).toMatchObject([
    {
      kind: 'answer-unexplained',
      text: 'stock of tea was read as 5: no order of events explains it',
      about: { sku: 'tea', answeredAt: 99 },
    },
  ]);
});

test('INV-12 is broken by a read of stock that never existed', () => {
  expect(stockIsLinearizable(withReads(read('tea', 4, 0, 500)))).toHaveLength(1);
});

test('INV-12 is broken when an order was refused although there was enough stock', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orderLines, { orderId: 'order-3' }).quantity = 2;
  expect(stockIsLinearizable(snapshot)).toMatchObject([
    {
      kind: 'answer-unexplained',
      text: 'order order-3 was refused 2 × tea: no order of events explains it',
    },
  ]);
});

test('INV-12 holds when an order was refused for another reason', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orderLines, { orderId: 'order-3' }).quantity = 2;
  snapshot.orderLines.push({ orderId: 'order-3', sku: 'cup', quantity: 7, unitPriceCents: 1 });
  expect(stockIsLinearizable(snapshot)).toEqual([]);
});

test('INV-12 is broken when the same stock was sold twice', () => {
  const snapshot = healthySnapshot();
  const last = rowOf(snapshot.reservations, { sku: 'cup' });
  snapshot.reservations.push({ ...last, id: 'res-9', orderId: 'order-9' });
  expect(stockIsLinearizable(snapshot)).toHaveLength(1);
});

test('INV-12 holds when an order whose response was lost took the stock', () => {
  const snapshot = withReads(read('cup', 0, 5_000, 5_010), read('cup', 1, 0, 10));
  removeRow(snapshot.history, { kind: 'place-order', orderId: 'order-1' });
  expect(stockIsLinearizable(snapshot)).toEqual([]);
});

test('the evidence names a history that is too long to be searched', () => {
  const reads = Array.from({ length: 312 }, (_, index) => read('tea', 5, 0, 10 + index));
  const snapshot = withReads(...reads, read('tea', 4, 0, 500));
  expect(stockIsLinearizable(snapshot)).toEqual([]);
  const skipped = 'not searched, only their bounds: 320 events on tea';
  expect(searchedHistories(snapshot)).toBe(
    `2 skus with 5 events: one sequence fits all answers; ${skipped}`,
  );
});

test('INV-12 is broken by a reading out of bounds in a history that is too long', () => {
  const reads = Array.from({ length: 312 }, (_, index) => read('tea', 5, 0, 10 + index));
  const [found, ...more] = stockIsLinearizable(withReads(...reads, read('tea', 5, 93, 99)));
  expect(found?.about?.answeredAt).toBe(99);
  expect(more).toEqual([]);
});
