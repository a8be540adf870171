import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { acknowledgedExists } from './acknowledged-exists.ts';

test('holds, in whatever order the lines were stored', () => {
  const snapshot = healthySnapshot();
  snapshot.orderLines.reverse();
  expect(acknowledgedExists(snapshot)).toEqual([]);
});

test('holds: an order that nobody was told of may exist (the answer was lost on its way)', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.acknowledged, { orderId: 'order-1' });
  expect(acknowledgedExists(snapshot)).toEqual([]);
});

test('caught: acknowledged before it was durable, and lost', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.orders, { id: 'order-3' });
  expect(acknowledgedExists(snapshot)).toMatchObject([
    {
      kind: 'accepted-but-missing',
      text: 'order order-3 was accepted for ada, but does not exist',
    },
  ]);
});

test('caught: somebody else pays', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orders, { id: 'order-2' }).customerId = 'ada';
  expect(acknowledgedExists(snapshot)).toMatchObject([
    {
      kind: 'accepted-for-another-customer',
      text: 'order order-2 is of ada, but bob had asked for it',
    },
  ]);
});

test('caught: a line is missing, and the total tells', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.orderLines, { sku: 'cup' });
  expect(acknowledgedExists(snapshot)).toMatchObject([
    {
      kind: 'accepted-with-other-lines',
      text: 'order order-1 is for 2 × tea, but asked for was 1 × cup, 2 × tea',
    },
    { kind: 'total-unlike-lines', text: 'order order-1 has a total of 50.00, but lines of 25.00' },
  ]);
});

test('caught: the price was changed after the order', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orderLines, { orderId: 'order-2' }).unitPriceCents = 990;
  expect(acknowledgedExists(snapshot)).toMatchObject([
    { kind: 'total-unlike-lines', text: 'order order-2 has a total of 12.50, but lines of 9.90' },
  ]);
});

test('caught: a client was told CONFIRMED, and later it is REJECTED', () => {
  const snapshot = healthySnapshot();
  const told = { orderId: 'order-2', status: 'CONFIRMED', reason: null } as const;
  const times = { invokedAt: 150, returnedAt: 160 };
  const answer = { kind: 'read-order', outcome: 'ok', traceId: null, ...told, ...times } as const;
  snapshot.history.push(answer, answer);
  expect(acknowledgedExists(snapshot)).toMatchObject([
    {
      kind: 'answer-does-not-stand',
      text: 'order order-2 is REJECTED, but a client was told CONFIRMED',
      about: { answeredAt: 160 },
    },
  ]);
});

test('caught: it was only ever read, and is gone', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.acknowledged, { orderId: 'order-3' });
  removeRow(snapshot.orders, { id: 'order-3' });
  expect(acknowledgedExists(snapshot)).toMatchObject([
    {
      kind: 'answer-does-not-stand',
      text: 'order order-3 does not exist, but a client was told REJECTED',
    },
  ]);
});

test('holds: PENDING is no promise, and what is unknown is no answer', () => {
  const snapshot = healthySnapshot();
  const told = { kind: 'read-order', orderId: 'order-2', reason: null, traceId: null } as const;
  const times = { invokedAt: 150, returnedAt: 160 };
  snapshot.history.push({ ...told, ...times, outcome: 'ok', status: 'PENDING' });
  snapshot.history.push({ ...told, ...times, outcome: 'unknown', status: null });
  expect(acknowledgedExists(snapshot)).toEqual([]);
});
