import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { messagesInOrder } from './messages-in-order.ts';

test('INV-8 holds when duplicates come late', () => {
  expect(messagesInOrder(healthySnapshot())).toEqual([]);
});

test('INV-8 does not order the messages of one owner against those of another', () => {
  const snapshot = healthySnapshot();
  const reserved = rowOf(snapshot.topics, { messageId: 'saga-2:reserve-stock:answer' });
  const charged = rowOf(snapshot.topics, { messageId: 'saga-2:capture-payment:answer' });
  [reserved.offset, charged.offset] = [charged.offset, reserved.offset];
  expect(messagesInOrder(snapshot)).toEqual([]);
});

test('INV-8 ignores a message that is missing from its topic', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.topics, { messageId: 'saga-2:reserve-stock' });
  expect(messagesInOrder(snapshot)).toEqual([]);
});

test('INV-8 is broken when two relays publish at once and the undo overtakes its action', () => {
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

test('INV-8 is broken when the messages of one order are in two partitions', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.topics, { messageId: 'saga-2:release-stock' }).partition = 1;
  expect(messagesInOrder(snapshot)).toMatchObject([
    {
      kind: 'messages-in-several-partitions',
      text: 'inventory.commands has messages of order order-2 in partitions 0 and 1',
    },
  ]);
});
