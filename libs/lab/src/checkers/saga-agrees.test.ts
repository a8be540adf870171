import { expect, test } from 'vitest';
import type { Snapshot } from '../snapshot.ts';
import { healthySnapshot, removeRow, rowOf } from './healthy-snapshot.ts';
import { sagaAgrees } from './saga-agrees.ts';

test('holds', () => {
  expect(sagaAgrees(healthySnapshot())).toEqual([]);
});

test.each<[string, (snapshot: Snapshot) => void, string]>([
  [
    'completed, and the order never heard of it',
    ({ orders }) => {
      rowOf(orders, { id: 'order-1' }).status = 'PENDING';
    },
    'order order-1 is PENDING but its saga saga-1 is completed',
  ],
  [
    'the order was written, its saga was not',
    ({ sagas }) => removeRow(sagas, { id: 'saga-3' }),
    'order order-3 is REJECTED but has no saga',
  ],
  [
    'started twice',
    ({ sagas }) => sagas.push({ ...rowOf(sagas, { id: 'saga-3' }), id: 'saga-4' }),
    'order order-3 has 2 sagas: saga-3, saga-4',
  ],
  [
    'a saga of no order',
    ({ orders }) => removeRow(orders, { id: 'order-3' }),
    'saga saga-3 is of order order-3, which does not exist',
  ],
  [
    'undone, and never asked for',
    ({ outbox }) => removeRow(outbox, { messageId: 'saga-2:reserve-stock' }),
    'order order-2: release-stock was sent, but no reserve-stock before it',
  ],
  [
    'undone before it was asked for',
    ({ outbox }) => {
      rowOf(outbox, { messageId: 'saga-2:release-stock' }).id = 0;
    },
    'order order-2: release-stock was sent, but no reserve-stock before it',
  ],
  [
    'undone past the pivot',
    ({ topics }) => {
      const undo = rowOf(topics, { messageId: 'saga-2:release-stock' });
      topics.push({ ...undo, key: 'order-1', messageId: 'saga-1:release-stock' });
    },
    'order order-1: release-stock was sent, but its saga completed',
  ],
])('caught: %s', (_what, breakIt, text) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(sagaAgrees(snapshot)).toEqual([{ text }]);
});
