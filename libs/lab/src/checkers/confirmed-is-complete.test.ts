import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { confirmedIsComplete } from './confirmed-is-complete.ts';

test('holds', () => {
  expect(confirmedIsComplete(healthySnapshot())).toEqual([]);
});

test('holds: what costs nothing and is made to order may be rejected all the same', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orders, { id: 'order-6' }).status = 'REJECTED';
  expect(confirmedIsComplete(snapshot)).toEqual([]);
});

test.each<[string, (snapshot: Snapshot) => void, Partial<Violation>]>([
  [
    'confirmed, and never charged',
    ({ payments }) => removeRow(payments, { id: 'pay-1' }),
    {
      kind: 'nothing-captured',
      text: 'order order-1 is CONFIRMED but nothing is captured of its 50.00',
    },
  ],
  [
    'charged twice',
    ({ payments }) => payments.push({ ...rowOf(payments, { id: 'pay-1' }), id: 'pay-3' }),
    {
      kind: 'captured-several-times',
      text: 'order order-1 is CONFIRMED but has 2 captured payments: pay-1, pay-3',
    },
  ],
  [
    'charged too little',
    ({ payments }) => {
      rowOf(payments, { id: 'pay-1' }).amountCents = 4000;
    },
    {
      kind: 'captured-otherwise',
      text: 'order order-1 is CONFIRMED but payment pay-1 took 40.00 from ada, not 50.00 from ada',
    },
  ],
  [
    'charged to somebody else',
    ({ payments }) => {
      rowOf(payments, { id: 'pay-1' }).customerId = 'bob';
    },
    {
      kind: 'captured-otherwise',
      text: 'order order-1 is CONFIRMED but payment pay-1 took 50.00 from bob, not 50.00 from ada',
    },
  ],
  [
    'a line without stock',
    ({ reservations }) => {
      rowOf(reservations, { id: 'res-2' }).status = 'RELEASED';
    },
    { kind: 'nothing-held', text: 'order order-1 is CONFIRMED but nothing is held of its 1 × cup' },
  ],
  [
    'reserved twice',
    ({ reservations }) =>
      reservations.push({ ...rowOf(reservations, { id: 'res-1' }), id: 'res-4' }),
    {
      kind: 'held-several-times',
      text: 'order order-1 is CONFIRMED but has 2 reservations of tea: res-1, res-4',
    },
  ],
  [
    'reserved too few',
    ({ reservations }) => {
      rowOf(reservations, { id: 'res-1' }).quantity = 1;
    },
    {
      kind: 'held-otherwise',
      text: 'order order-1 is CONFIRMED but reservation res-1 holds 1, not 2 × tea',
    },
  ],
  [
    'reserved what nobody ordered',
    ({ orderLines }) => removeRow(orderLines, { orderId: 'order-1', sku: 'cup' }),
    {
      kind: 'held-without-need',
      text: 'order order-1 is CONFIRMED but reservation res-2 holds 1 × cup, not needed',
    },
  ],
  [
    'paid and held, and rejected all the same',
    ({ orders }) => {
      rowOf(orders, { id: 'order-1' }).status = 'REJECTED';
    },
    {
      kind: 'complete-but-not-confirmed',
      text: 'order order-1 is REJECTED but is paid and held in full',
    },
  ],
  [
    'one branch was aborted: committed by two of three',
    ({ payments }) => removeRow(payments, { id: 'pay-3' }),
    {
      kind: 'nothing-captured',
      text: 'order order-4 is CONFIRMED but nothing is captured of its 59.80',
    },
  ],
  [
    'free, but a line of it is stocked',
    ({ reservations }) => removeRow(reservations, { id: 'res-5' }),
    {
      kind: 'nothing-held',
      text: 'order order-4 is CONFIRMED but nothing is held of its 1 × sample',
    },
  ],
  [
    'charged for nothing',
    ({ payments }) => {
      const payment = { ...rowOf(payments, { id: 'pay-3' }), amountCents: 0 };
      payments.push({ ...payment, id: 'pay-9', orderId: 'order-6' });
    },
    {
      kind: 'captured-for-nothing',
      text: 'order order-6 is CONFIRMED but payment pay-9 was captured for what costs nothing',
    },
  ],
])('caught: %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(confirmedIsComplete(snapshot)).toMatchObject([found]);
});
