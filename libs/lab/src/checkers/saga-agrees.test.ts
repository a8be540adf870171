import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { sagaAgrees } from './saga-agrees.ts';

test('INV-10 holds in a healthy lab', () => {
  expect(sagaAgrees(healthySnapshot())).toEqual([]);
});

test.each<[string, (snapshot: Snapshot) => void, Partial<Violation>]>([
  [
    'the saga is completed, and the order is not CONFIRMED',
    ({ orders }) => {
      rowOf(orders, { id: 'order-1' }).status = 'PENDING';
    },
    {
      kind: 'saga-unlike-order',
      text: 'order order-1 is PENDING but its saga saga-1 is completed',
    },
  ],
  [
    'the order was written without its saga',
    ({ sagas }) => removeRow(sagas, { id: 'saga-3' }),
    { kind: 'order-without-saga', text: 'order order-3 is REJECTED but has no saga' },
  ],
  [
    'two sagas were started for one order',
    ({ sagas }) => sagas.push({ ...rowOf(sagas, { id: 'saga-3' }), id: 'saga-4' }),
    { kind: 'several-sagas', text: 'order order-3 has 2 sagas: saga-3, saga-4' },
  ],
  [
    'a saga has no order',
    ({ orders }) => removeRow(orders, { id: 'order-3' }),
    { kind: 'saga-without-order', text: 'saga saga-3 is of order order-3, which does not exist' },
  ],
  [
    'an undo has no action',
    ({ outbox }) => removeRow(outbox, { messageId: 'saga-2:reserve-stock' }),
    {
      kind: 'undo-without-action',
      text: 'order order-2: release-stock was sent, but no reserve-stock before it',
    },
  ],
  [
    'an undo was written before its action',
    ({ outbox }) => {
      rowOf(outbox, { messageId: 'saga-2:release-stock' }).id = 0;
    },
    {
      kind: 'undo-without-action',
      text: 'order order-2: release-stock was sent, but no reserve-stock before it',
    },
  ],
  [
    'an undo was sent past the pivot',
    ({ topics }) => {
      const undo = rowOf(topics, { messageId: 'saga-2:release-stock' });
      topics.push({ ...undo, key: 'order-1', messageId: 'saga-1:release-stock' });
    },
    {
      kind: 'undo-of-completed-saga',
      text: 'order order-1: release-stock was sent, but its saga completed',
    },
  ],
  [
    'an order of two-phase commit has a saga',
    ({ sagas }) => {
      const ended = { status: 'completed', awaiting: null, attempts: 0 };
      sagas.push({ ...ended, id: 'saga-4', orderId: 'order-4' });
    },
    { kind: 'saga-of-2pc-order', text: 'order order-4 is placed by 2PC but has saga saga-4' },
  ],
  [
    'an order of two-phase commit has a message',
    ({ topics }) => {
      const reserve = rowOf(topics, { messageId: 'saga-3:reserve-stock' });
      topics.push({ ...reserve, key: 'order-4', messageId: 'saga-4:reserve-stock' });
    },
    {
      kind: 'messages-of-2pc-order',
      text: 'order order-4 is placed by 2PC but has messages: saga-4:reserve-stock',
    },
  ],
  [
    'a transaction without an order has a message',
    ({ orders, topics }) => {
      removeRow(orders, { id: 'order-5' });
      const reserve = rowOf(topics, { messageId: 'saga-3:reserve-stock' });
      topics.push({ ...reserve, key: 'order-5', messageId: 'saga-5:reserve-stock' });
    },
    {
      kind: 'messages-of-2pc-order',
      text: 'order order-5 is placed by 2PC but has messages: saga-5:reserve-stock',
    },
  ],
])('INV-10 is broken when %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(sagaAgrees(snapshot)).toMatchObject([found]);
});
