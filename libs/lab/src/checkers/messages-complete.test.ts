import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { messagesComplete } from './messages-complete.ts';

test('holds: at least once is often enough', () => {
  expect(messagesComplete(healthySnapshot())).toEqual([]);
});

test('holds: published and not yet marked is neither lost nor from nowhere', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.outbox, { messageId: 'saga-1:reserve-stock' }).published = false;
  expect(messagesComplete(snapshot)).toEqual([]);
});

test('holds: a dead letter is a copy, not a message of its own', () => {
  const snapshot = healthySnapshot();
  const message = rowOf(snapshot.topics, { messageId: 'saga-3:reserve-stock' });
  const topic = `${message.topic}.dead-letter`;
  snapshot.topics.push({ ...message, topic, deadLetterReason: 'poison' });
  expect(messagesComplete(snapshot)).toEqual([]);
});

test('caught: marked before it was published, and lost', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.topics, { messageId: 'saga-2:release-stock' });
  expect(messagesComplete(snapshot)).toMatchObject([
    {
      kind: 'message-lost',
      text: 'lost: order published saga-2:release-stock 1 time, inventory.commands has it 0 times',
    },
  ]);
});

test('caught: asked twice, published once', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.topics, { messageId: 'saga-1:reserve-stock' });
  expect(messagesComplete(snapshot)).toHaveLength(1);
});

test('caught: no outbox, sent by a transaction that was rolled back', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.outbox, { messageId: 'saga-2:capture-payment' });
  expect(messagesComplete(snapshot)).toMatchObject([
    {
      kind: 'message-from-nowhere',
      text: 'from nowhere: saga-2:capture-payment at payment.commands/0@9 is in no outbox',
    },
  ]);
});

test('caught: another key on the way', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.topics, { messageId: 'saga-2:capture-payment' }).key = 'order-1';
  expect(messagesComplete(snapshot)).toHaveLength(2);
});
