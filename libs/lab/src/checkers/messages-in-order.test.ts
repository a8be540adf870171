import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { messagesInOrder } from './messages-in-order.ts';

test('holds: repeats may come late', () => {
  expect(messagesInOrder(healthySnapshot())).toEqual([]);
});

test('holds: what one owner writes says nothing about when the other one answers', () => {
  const snapshot = healthySnapshot();
  const reserved = rowOf(snapshot.topics, { messageId: 'saga-2:reserve-stock:answer' });
  const charged = rowOf(snapshot.topics, { messageId: 'saga-2:capture-payment:answer' });
  [reserved.offset, charged.offset] = [charged.offset, reserved.offset];
  expect(messagesInOrder(snapshot)).toEqual([]);
});

test('holds: a message that is not there is lost, not out of order', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.topics, { messageId: 'saga-2:reserve-stock' });
  expect(messagesInOrder(snapshot)).toEqual([]);
});

test('caught: two relays at once, the undo overtakes its action', () => {
  const snapshot = healthySnapshot();
  const action = rowOf(snapshot.topics, { messageId: 'saga-2:reserve-stock' });
  const undo = rowOf(snapshot.topics, { messageId: 'saga-2:release-stock' });
  [action.offset, undo.offset] = [undo.offset, action.offset];
  const swapped = 'saga-2:release-stock came before saga-2:reserve-stock, which was written first';
  expect(messagesInOrder(snapshot)).toMatchObject([
    {
      kind: 'messages-out-of-order',
      about: { orderId: 'order-2', messageId: 'saga-2:release-stock' },
      text: `inventory.commands: ${swapped}`,
    },
  ]);
});

test('caught: one order in two partitions', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.topics, { messageId: 'saga-2:release-stock' }).partition = 1;
  expect(messagesInOrder(snapshot)).toMatchObject([
    {
      kind: 'messages-in-several-partitions',
      text: 'inventory.commands has messages of order order-2 in partitions 0 and 1',
    },
  ]);
});
