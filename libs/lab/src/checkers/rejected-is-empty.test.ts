import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { rejectedIsEmpty } from './rejected-is-empty.ts';

test('holds: a declined payment and a released reservation keep nothing', () => {
  expect(rejectedIsEmpty(healthySnapshot())).toEqual([]);
});

test('holds: confirmed on nothing, when nothing has to be paid or held', () => {
  const snapshot = healthySnapshot();
  expect(rowOf(snapshot.orders, { id: 'order-6' }).status).toBe('CONFIRMED');
  rowOf(snapshot.orders, { id: 'order-6' }).status = 'REJECTED';
  expect(rejectedIsEmpty(snapshot)).toEqual([]);
});

test('caught: no compensation', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.reservations, { id: 'res-3' }).status = 'HELD';
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    {
      kind: 'rejected-but-held',
      text: 'order order-2 is REJECTED but reservation res-3 still holds 1 × tea',
    },
  ]);
});

test('caught: rejected, and charged', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.payments, { id: 'pay-2' }).status = 'CAPTURED';
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    {
      kind: 'rejected-but-captured',
      text: 'order order-2 is REJECTED but payment pay-2 took 12.50',
    },
  ]);
});

test('caught: kept for an order that does not exist', () => {
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

test('caught: confirmed on nothing', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orders, { id: 'order-3' }).status = 'CONFIRMED';
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    {
      kind: 'empty-but-not-rejected',
      text: 'order order-3 is CONFIRMED but nothing is paid or held',
    },
  ]);
});

test('caught: confirmed on nothing, though what it is made of has to be held', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.stock, { sku: 'song' }).madeToOrder = false;
  expect(rejectedIsEmpty(snapshot)).toMatchObject([
    {
      kind: 'empty-but-not-rejected',
      text: 'order order-6 is CONFIRMED but nothing is paid or held',
    },
  ]);
});

test('caught: an abort that one participant never heard of', () => {
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

test('caught: sent outside of a transaction that was rolled back, and acted on', () => {
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
