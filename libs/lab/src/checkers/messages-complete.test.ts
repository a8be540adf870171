import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { messagesComplete } from './messages-complete.ts';

test('INV-7 holds when a message is on its topic more than once', () => {
  expect(messagesComplete(healthySnapshot())).toEqual([]);
});

test('INV-7 holds for a message that is published and not yet marked', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.outbox, { messageId: 'saga-1:reserve-stock' }).published = false;
  expect(messagesComplete(snapshot)).toEqual([]);
});

test('INV-7 holds when a dead letter copies a message', () => {
  const snapshot = healthySnapshot();
  const message = rowOf(snapshot.topics, { messageId: 'saga-3:reserve-stock' });
  const topic = `${message.topic}.dead-letter`;
  snapshot.topics.push({ ...message, topic, deadLetterReason: 'poison' });
  expect(messagesComplete(snapshot)).toEqual([]);
});

test('INV-7 is broken when a row was marked before it was published, and lost', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.topics, { messageId: 'saga-2:release-stock' });
  expect(messagesComplete(snapshot)).toMatchObject([
    {
      kind: 'message-lost',
      text: 'lost: order published saga-2:release-stock 1 time, inventory.commands has it 0 times',
    },
  ]);
});

test('INV-7 is broken when a command has two published rows and one message', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.topics, { messageId: 'saga-1:reserve-stock' });
  expect(messagesComplete(snapshot)).toHaveLength(1);
});

test('INV-7 is broken when the transaction of a sent message was rolled back', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.outbox, { messageId: 'saga-2:capture-payment' });
  expect(messagesComplete(snapshot)).toMatchObject([
    {
      kind: 'message-from-nowhere',
      text: 'from nowhere: saga-2:capture-payment at payment.commands/0@9 is in no outbox',
    },
  ]);
});

test('INV-7 is broken when the key of a message changed on the way', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.topics, { messageId: 'saga-2:capture-payment' }).key = 'order-1';
  expect(messagesComplete(snapshot)).toHaveLength(2);
});
