import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { confirmedIsComplete } from './confirmed-is-complete.ts';

test('INV-3 holds in a healthy lab', () => {
  expect(confirmedIsComplete(healthySnapshot())).toEqual([]);
});

test('INV-3 holds for a rejected order that needs neither payment nor stock', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.orders, { id: 'order-6' }).status = 'REJECTED';
  expect(confirmedIsComplete(snapshot)).toEqual([]);
});

test.each<[string, (snapshot: Snapshot) => void, Partial<Violation>]>([
  [
    'a confirmed order was never charged',
    ({ payments }) => removeRow(payments, { id: 'pay-1' }),
    {
      kind: 'nothing-captured',
      text: 'order order-1 is CONFIRMED but nothing is captured of its 50.00',
    },
  ],
  [
    'a confirmed order was charged twice',
    ({ payments }) => payments.push({ ...rowOf(payments, { id: 'pay-1' }), id: 'pay-3' }),
    {
      kind: 'captured-several-times',
      text: 'order order-1 is CONFIRMED but has 2 captured payments: pay-1, pay-3',
    },
  ],
  [
    'the charge is less than the total',
    ({ payments }) => {
      rowOf(payments, { id: 'pay-1' }).amountCents = 4000;
    },
    {
      kind: 'captured-otherwise',
      text: 'order order-1 is CONFIRMED but payment pay-1 took 40.00 from ada, not 50.00 from ada',
    },
  ],
  [
    'another customer was charged',
    ({ payments }) => {
      rowOf(payments, { id: 'pay-1' }).customerId = 'bob';
    },
    {
      kind: 'captured-otherwise',
      text: 'order order-1 is CONFIRMED but payment pay-1 took 50.00 from bob, not 50.00 from ada',
    },
  ],
  [
    'a line has no reservation',
    ({ reservations }) => {
      rowOf(reservations, { id: 'res-2' }).status = 'RELEASED';
    },
    { kind: 'nothing-held', text: 'order order-1 is CONFIRMED but nothing is held of its 1 × cup' },
  ],
  [
    'a line has two reservations',
    ({ reservations }) =>
      reservations.push({ ...rowOf(reservations, { id: 'res-1' }), id: 'res-4' }),
    {
      kind: 'held-several-times',
      text: 'order order-1 is CONFIRMED but has 2 reservations of tea: res-1, res-4',
    },
  ],
  [
    'a reservation has too small a quantity',
    ({ reservations }) => {
      rowOf(reservations, { id: 'res-1' }).quantity = 1;
    },
    {
      kind: 'held-otherwise',
      text: 'order order-1 is CONFIRMED but reservation res-1 holds 1, not 2 × tea',
    },
  ],
  [
    'a reservation is for a sku that is not in the order',
    ({ orderLines }) => removeRow(orderLines, { orderId: 'order-1', sku: 'cup' }),
    {
      kind: 'held-without-need',
      text: 'order order-1 is CONFIRMED but reservation res-2 holds 1 × cup, not needed',
    },
  ],
  [
    'a rejected order is paid and held in full',
    ({ orders }) => {
      rowOf(orders, { id: 'order-1' }).status = 'REJECTED';
    },
    {
      kind: 'complete-but-not-confirmed',
      text: 'order order-1 is REJECTED but is paid and held in full',
    },
  ],
  [
    'only two of three branches were committed',
    ({ payments }) => removeRow(payments, { id: 'pay-3' }),
    {
      kind: 'nothing-captured',
      text: 'order order-4 is CONFIRMED but nothing is captured of its 59.80',
    },
  ],
  [
    'a free order has a stocked line without a reservation',
    ({ reservations }) => removeRow(reservations, { id: 'res-5' }),
    {
      kind: 'nothing-held',
      text: 'order order-4 is CONFIRMED but nothing is held of its 1 × sample',
    },
  ],
  [
    'a free order was charged',
    ({ payments }) => {
      const payment = { ...rowOf(payments, { id: 'pay-3' }), amountCents: 0 };
      payments.push({ ...payment, id: 'pay-9', orderId: 'order-6' });
    },
    {
      kind: 'captured-for-nothing',
      text: 'order order-6 is CONFIRMED but payment pay-9 was captured for a free order',
    },
  ],
])('INV-3 is broken when %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(confirmedIsComplete(snapshot)).toMatchObject([found]);
});
