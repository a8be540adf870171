import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { acknowledgedExists } from './acknowledged-exists.ts';

test('INV-5 holds in whatever order the lines of an order are stored', () => {
  const snapshot = healthySnapshot();
  snapshot.orderLines.reverse();
  expect(acknowledgedExists(snapshot)).toEqual([]);
});

test('INV-5 holds for an order that was not acknowledged: its response may have been lost', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.acknowledged, { orderId: 'order-1' });
  expect(acknowledgedExists(snapshot)).toEqual([]);
});

test('INV-5 is broken when an order was acknowledged before it was durable, and lost', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.orders, { id: 'order-3' });
  expect(acknowledgedExists(snapshot)).toMatchObject([
    {
      kind: 'accepted-but-missing',
      text: 'order order-3 was accepted for ada, but does not exist',
    },
  ]);
});

test('INV-5 is broken when the order belongs to another customer than requested', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orders, { id: 'order-2' }).customerId = 'ada';
  expect(acknowledgedExists(snapshot)).toMatchObject([
    {
      kind: 'accepted-for-another-customer',
      text: 'order order-2 is of ada, but bob requested it',
    },
  ]);
});

test('INV-5 is broken twice when a line is missing: by the lines and by the total', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.orderLines, { sku: 'cup' });
  expect(acknowledgedExists(snapshot)).toMatchObject([
    {
      kind: 'accepted-with-other-lines',
      text: 'order order-1 is for 2 × tea, but 1 × cup, 2 × tea was requested',
    },
    { kind: 'total-unlike-lines', text: 'order order-1 has a total of 50.00, but lines of 25.00' },
  ]);
});

test('INV-5 is broken when a price was changed after the order', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orderLines, { orderId: 'order-2' }).unitPriceCents = 990;
  expect(acknowledgedExists(snapshot)).toMatchObject([
    { kind: 'total-unlike-lines', text: 'order order-2 has a total of 12.50, but lines of 9.90' },
  ]);
});

test('INV-5 is broken when a client got CONFIRMED for an order that is REJECTED', () => {
  const snapshot = healthySnapshot();
  const read = { orderId: 'order-2', status: 'CONFIRMED', reason: null } as const;
  const times = { invokedAt: 150, returnedAt: 160 };
  const answer = { kind: 'read-order', outcome: 'ok', traceId: null, ...read, ...times } as const;
  snapshot.history.push(answer, answer);
  expect(acknowledgedExists(snapshot)).toMatchObject([
    {
      kind: 'answer-does-not-stand',
      text: 'order order-2 is REJECTED, but a client got CONFIRMED',
      about: { answeredAt: 160 },
    },
  ]);
});

test('INV-5 is broken when an order that a client read as ended does not exist', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.acknowledged, { orderId: 'order-3' });
  removeRow(snapshot.orders, { id: 'order-3' });
  expect(acknowledgedExists(snapshot)).toMatchObject([
    {
      kind: 'answer-does-not-stand',
      text: 'order order-3 does not exist, but a client got REJECTED',
    },
  ]);
});

test('INV-5 ignores the status PENDING and requests with an unknown outcome', () => {
  const snapshot = healthySnapshot();
  const read = { kind: 'read-order', orderId: 'order-2', reason: null, traceId: null } as const;
  const times = { invokedAt: 150, returnedAt: 160 };
  snapshot.history.push({ ...read, ...times, outcome: 'ok', status: 'PENDING' });
  snapshot.history.push({ ...read, ...times, outcome: 'unknown', status: null });
  expect(acknowledgedExists(snapshot)).toEqual([]);
});
