import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
  snapshotOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { cardsAgree } from './cards-agree.ts';

const ORDER = { orderId: 'order-7' };
const again = { ...ORDER, key: 'saga-7:another', status: 'CAPTURED', amountCents: 990 };
const held = { orderId: 'order-99', key: 'order-99:hold', status: 'HELD', amountCents: 500 };

test('holds: charged once on both sides, by a saga and by two-phase commit', () => {
  expect(cardsAgree(healthySnapshot())).toEqual([]);
});

test('holds: declined on both sides; and a hold that nobody relied on was voided', () => {
  const lines = [{ sku: 'tea' as const, quantity: 1 }];
  const snapshot = snapshotOf([
    { customerId: 'dora', lines, outcome: 'declined', coordination: 'saga' },
  ]);
  snapshot.processorCharges.push({ ...held, status: 'VOIDED' });
  expect(cardsAgree(snapshot)).toEqual([]);
});

test('holds: given up before the card processor was ever asked', () => {
  const lines = [{ sku: 'tea' as const, quantity: 1 }];
  const snapshot = snapshotOf([
    { customerId: 'dora', lines, outcome: 'declined', coordination: 'saga' },
  ]);
  snapshot.processorCharges = [];
  rowOf(snapshot.cardCharges, { orderId: 'order-1' }).status = 'VOIDED';
  expect(cardsAgree(snapshot)).toEqual([]);
});

test.each<[string, (snapshot: Snapshot) => void, Partial<Violation>[]]>([
  [
    'charged twice: asked again with a key of its own',
    ({ processorCharges }) => void processorCharges.push(again),
    [
      {
        kind: 'charge-unknown-to-payment',
        text: 'order order-7: the card processor took 9.90, payment knows nothing',
      },
      { kind: 'charged-several-times', text: 'order order-7: its card was charged 2 times' },
    ],
  ],
  [
    'charged, and payment never heard of it',
    ({ cardCharges, payments }) => {
      removeRow(cardCharges, ORDER);
      removeRow(payments, ORDER);
    },
    [
      {
        kind: 'charge-unknown-to-payment',
        text: 'order order-7: the card processor took 9.90, payment knows nothing',
      },
    ],
  ],
  [
    'written down as taken, and never taken',
    ({ processorCharges }) => removeRow(processorCharges, ORDER),
    [
      {
        kind: 'charge-unknown-to-processor',
        text: 'order order-7: payment has 9.90 as taken, the card processor has not',
      },
    ],
  ],
  [
    'another amount',
    ({ processorCharges }) => void (rowOf(processorCharges, ORDER).amountCents = 991),
    [
      {
        kind: 'charge-otherwise',
        text: 'order order-7: payment says 9.90, the card processor 9.91, for order-7',
      },
      {
        kind: 'charged-other-than-total',
        text: 'order order-7 costs 9.90, but its card was charged 9.91',
      },
    ],
  ],
  [
    'a charge that was given up while the processor did it',
    ({ cardCharges, payments, orders }) => {
      rowOf(cardCharges, ORDER).status = 'DECLINED';
      rowOf(payments, ORDER).status = 'DECLINED';
      rowOf(orders, { id: 'order-7' }).status = 'REJECTED';
    },
    [
      {
        kind: 'charge-unknown-to-payment',
        text: 'order order-7: the card processor took 9.90, payment knows nothing',
      },
      {
        kind: 'charged-but-not-confirmed',
        text: 'order order-7 is REJECTED but its card was charged',
      },
    ],
  ],
  [
    'a hold of a transaction that was aborted',
    ({ processorCharges }) => void processorCharges.push(held),
    [{ kind: 'card-still-held', text: 'order order-99: the card processor still holds 5.00' }],
  ],
  [
    'a charge that nobody asks for any more',
    ({ cardCharges, processorCharges }) => {
      cardCharges.push({ ...held, status: 'REQUESTED' });
      processorCharges.push({ ...held, status: 'DECLINED' });
    },
    [{ kind: 'charge-open', text: "order order-99: payment's charge is still REQUESTED" }],
  ],
  [
    'paid by card, without a charge',
    ({ cardCharges, processorCharges }) => {
      removeRow(cardCharges, ORDER);
      removeRow(processorCharges, ORDER);
    },
    [
      {
        kind: 'payment-unlike-charge',
        text: 'payment pay-4 (CAPTURED) of order order-7 is by card, and no charge is taken',
      },
    ],
  ],
])('caught: %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(cardsAgree(snapshot)).toMatchObject(found);
});
