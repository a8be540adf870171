import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { noMessagePassedOver } from './no-message-passed-over.ts';

const CHARGE = { messageId: 'saga-1:capture-payment' };

test('holds: what came twice was handled twice', () => {
  expect(noMessagePassedOver(healthySnapshot())).toEqual([]);
});

test('holds: killed after its commit and before it said so, it was delivered again', () => {
  const snapshot = healthySnapshot();
  snapshot.handled.push(CHARGE);
  expect(noMessagePassedOver(snapshot)).toEqual([]);
});

test('holds: put aside, it is left to INV-9', () => {
  const snapshot = healthySnapshot();
  const message = rowOf(snapshot.topics, CHARGE);
  const topic = `${message.topic}.dead-letter`;
  snapshot.topics.push({ ...message, topic, deadLetterReason: 'poison' });
  removeRow(snapshot.handled, CHARGE);
  expect(noMessagePassedOver(snapshot)).toEqual([]);
});

test('holds: a fault took one copy away', () => {
  const snapshot = healthySnapshot();
  snapshot.dropped.push({ ...CHARGE, place: 'payment.commands/1/3' });
  removeRow(snapshot.handled, CHARGE);
  expect(noMessagePassedOver(snapshot)).toEqual([]);
});

test('caught: the offset was committed before the handling, and asking again healed it', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.handled, CHARGE);
  expect(noMessagePassedOver(snapshot)).toMatchObject([
    {
      kind: 'message-passed-over',
      about: { orderId: 'order-1', messageId: CHARGE.messageId },
      text: `passed over: ${CHARGE.messageId} is on payment.commands 2 times, handled 1 time`,
    },
  ]);
});

test('caught: an answer that nobody took', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.handled, { messageId: 'saga-3:reserve-stock:answer' });
  expect(noMessagePassedOver(snapshot)).toHaveLength(1);
});
