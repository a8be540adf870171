import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { rejectedIsEmpty } from './rejected-is-empty.ts';

test('INV-4 holds with a declined payment and a released reservation', () => {
  expect(rejectedIsEmpty(healthySnapshot())).toEqual([]);
});

test('INV-4 holds for a confirmed order that needs neither payment nor stock', () => {
  const snapshot = healthySnapshot();
  expect(rowOf(snapshot.orders, { id: 'order-6' }).status).toBe('CONFIRMED');
  rowOf(snapshot.orders, { id: 'order-6' }).status = 'REJECTED';
  expect(rejectedIsEmpty(snapshot)).toEqual([]);
});

test('INV-4 is broken when a rejected order still holds stock', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.reservations, { id: 'res-3' }).status = 'HELD';
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    {
      kind: 'rejected-but-held',
      text: 'order order-2 is REJECTED but reservation res-3 still holds 1 × tea',
    },
  ]);
});

test('INV-4 is broken when a rejected order was charged', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.payments, { id: 'pay-2' }).status = 'CAPTURED';
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    {
      kind: 'rejected-but-captured',
      text: 'order order-2 is REJECTED but payment pay-2 took 12.50',
    },
  ]);
});

test('INV-4 is broken when an order that does not exist has a payment or stock', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.orders, { id: 'order-1' });
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    { kind: 'unknown-but-captured', text: 'order order-1 is unknown but payment pay-1 took 50.00' },
    {
      kind: 'unknown-but-held',
      text: 'order order-1 is unknown but reservation res-1 still holds 2 × tea',
    },
    {
      kind: 'unknown-but-held',
      text: 'order order-1 is unknown but reservation res-2 still holds 1 × cup',
    },
  ]);
});

test('INV-4 is broken when a confirmed order has neither payment nor stock', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orders, { id: 'order-3' }).status = 'CONFIRMED';
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    {
      kind: 'empty-but-not-rejected',
      text: 'order order-3 is CONFIRMED but nothing is paid or held',
    },
  ]);
});

test('INV-4 is broken when a confirmed free order has no stock for its stocked line', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.stock, { sku: 'song' }).madeToOrder = false;
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    {
      kind: 'empty-but-not-rejected',
      text: 'order order-6 is CONFIRMED but nothing is paid or held',
    },
  ]);
});

test('INV-4 is broken when one participant never learnt of an abort', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orders, { id: 'order-4' }).status = 'REJECTED';
  removeRow(snapshot.reservations, { id: 'res-4' });
  removeRow(snapshot.reservations, { id: 'res-5' });
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    {
      kind: 'rejected-but-captured',
      text: 'order order-4 is REJECTED but payment pay-3 took 59.80',
    },
  ]);
});

test('INV-4 is broken when a participant acted on a message of a rolled-back transaction', () => {
  const snapshot = healthySnapshot();
  const nobodys = { id: 'res-9', orderId: 'order-9', sku: 'tea', quantity: 1, status: 'HELD' };
  snapshot.reservations.push(nobodys);
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    {
      kind: 'unknown-but-held',
      text: 'order order-9 is unknown but reservation res-9 still holds 1 × tea',
    },
  ]);
});
