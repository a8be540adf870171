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

test('INV-15 holds when both sides have one charge, for a saga and for two-phase commit', () => {
  expect(cardsAgree(healthySnapshot())).toEqual([]);
});

test('INV-15 holds when both sides declined, and when an unused hold was voided', () => {
  const lines = [{ sku: 'tea' as const, quantity: 1 }];
  const snapshot = snapshotOf([
    { customerId: 'dora', lines, outcome: 'declined', coordination: 'saga' },
  ]);
  snapshot.processorCharges.push({ ...held, status: 'VOIDED' });
  expect(cardsAgree(snapshot)).toEqual([]);
});

test('INV-15 holds when payment voided a charge before the processor got a request', () => {
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
    'the retry of a charge had a new key, so the card was charged twice',
    ({ processorCharges }) => void processorCharges.push(again),
    [
      {
        kind: 'charge-unknown-to-payment',
        text: 'order order-7: the card processor took 9.90, payment has no such charge',
      },
      { kind: 'charged-several-times', text: 'order order-7: its card was charged 2 times' },
    ],
  ],
  [
    'the card was charged, and payment has no charge',
    ({ cardCharges, payments }) => {
      removeRow(cardCharges, ORDER);
      removeRow(payments, ORDER);
    },
    [
      {
        kind: 'charge-unknown-to-payment',
        text: 'order order-7: the card processor took 9.90, payment has no such charge',
      },
    ],
  ],
  [
    'payment recorded a charge that the card processor never made',
    ({ processorCharges }) => removeRow(processorCharges, ORDER),
    [
      {
        kind: 'charge-unknown-to-processor',
        text: 'order order-7: payment captured 9.90, the card processor has no such charge',
      },
    ],
  ],
  [
    'the two sides have different amounts',
    ({ processorCharges }) => void (rowOf(processorCharges, ORDER).amountCents = 991),
    [
      {
        kind: 'charges-differ',
        text: 'order order-7: payment charged 9.90, the card processor 9.91 for order order-7',
      },
      {
        kind: 'charged-other-than-total',
        text: 'order order-7 costs 9.90, but its card was charged 9.91',
      },
    ],
  ],
  [
    'payment recorded as declined a charge that the card processor captured',
    ({ cardCharges, payments, orders }) => {
      rowOf(cardCharges, ORDER).status = 'DECLINED';
      rowOf(payments, ORDER).status = 'DECLINED';
      rowOf(orders, { id: 'order-7' }).status = 'REJECTED';
    },
    [
      {
        kind: 'charge-unknown-to-payment',
        text: 'order order-7: the card processor took 9.90, payment has no such charge',
      },
      {
        kind: 'charged-but-not-confirmed',
        text: 'order order-7 is REJECTED but its card was charged',
      },
    ],
  ],
  [
    'the transaction of a hold was aborted, and the hold was not voided',
    ({ processorCharges }) => void processorCharges.push(held),
    [{ kind: 'card-still-held', text: 'order order-99: the card processor still holds 5.00' }],
  ],
  [
    'payment never finishes a requested charge',
    ({ cardCharges, processorCharges }) => {
      cardCharges.push({ ...held, status: 'REQUESTED' });
      processorCharges.push({ ...held, status: 'DECLINED' });
    },
    [{ kind: 'charge-open', text: "order order-99: payment's charge is still REQUESTED" }],
  ],
  [
    'a payment by card has no charge',
    ({ cardCharges, processorCharges }) => {
      removeRow(cardCharges, ORDER);
      removeRow(processorCharges, ORDER);
    },
    [
      {
        kind: 'payment-unlike-charge',
        text: 'payment pay-4 (CAPTURED) of order order-7 is by card, and no charge is captured',
      },
    ],
  ],
])('INV-15 is broken when %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(cardsAgree(snapshot)).toMatchObject(found);
});
