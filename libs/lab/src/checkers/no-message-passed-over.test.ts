import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { noMessagePassedOver } from './no-message-passed-over.ts';

const CHARGE = { messageId: 'saga-1:capture-payment' };

test('INV-13 holds when a message that was delivered twice was handled twice', () => {
  expect(noMessagePassedOver(healthySnapshot())).toEqual([]);
});

test('INV-13 holds when a consumer died between its commit and its record line', () => {
  const snapshot = healthySnapshot();
  snapshot.handled.push(CHARGE);
  expect(noMessagePassedOver(snapshot)).toEqual([]);
});

test('INV-13 holds for a dead letter, which INV-9 reports', () => {
  const snapshot = healthySnapshot();
  const message = rowOf(snapshot.topics, CHARGE);
  const topic = `${message.topic}.dead-letter`;
  snapshot.topics.push({ ...message, topic, deadLetterReason: 'poison' });
  removeRow(snapshot.handled, CHARGE);
  expect(noMessagePassedOver(snapshot)).toEqual([]);
});

test('INV-13 holds when a fault dropped one copy', () => {
  const snapshot = healthySnapshot();
  snapshot.dropped.push({ ...CHARGE, place: 'payment.commands/1/3' });
  removeRow(snapshot.handled, CHARGE);
  expect(noMessagePassedOver(snapshot)).toEqual([]);
});

test('INV-13 is broken when a message was skipped, although a retry repaired the order', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.handled, CHARGE);
  expect(noMessagePassedOver(snapshot)).toMatchObject([
    {
      kind: 'message-passed-over',
      about: { orderId: 'order-1', messageId: CHARGE.messageId },
      text: `skipped: ${CHARGE.messageId} is on payment.commands 2 times, handled 1 time`,
    },
  ]);
});

test('INV-13 is broken when an answer was never handled', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.handled, { messageId: 'saga-3:reserve-stock:answer' });
  expect(noMessagePassedOver(snapshot)).toHaveLength(1);
});
