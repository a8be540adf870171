import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { oneEffect } from './one-effect.ts';

test('INV-6 holds when a command was delivered twice and had one effect', () => {
  expect(oneEffect(healthySnapshot())).toEqual([]);
});

test('INV-6 holds when an undo came first and its action was refused', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.reservations, { id: 'res-3' });
  const inboxRow = { sagaId: 'saga-2', step: 'reserve-stock' };
  rowOf(snapshot.inbox, inboxRow).answer = {
    outcome: 'refused',
    reason: 'already-undone',
    detail: '',
  };
  expect(oneEffect(snapshot)).toEqual([]);
});

test.each<[string, (snapshot: Snapshot) => void, Partial<Violation>[]]>([
  [
    'without an inbox, each delivery reserved stock',
    ({ inbox, reservations }) => {
      removeRow(inbox, { sagaId: 'saga-2', step: 'reserve-stock' });
      reservations.push({ ...rowOf(reservations, { id: 'res-3' }), id: 'res-4' });
    },
    [
      { kind: 'reserved-several-times', text: 'order order-2: tea reserved 2 times: res-3, res-4' },
      {
        kind: 'effect-without-inbox-row',
        text: 'reservation res-3 (RELEASED) of order order-2 has no inbox row for reserve-stock',
      },
      {
        kind: 'effect-without-inbox-row',
        text: 'reservation res-4 (RELEASED) of order order-2 has no inbox row for reserve-stock',
      },
      {
        kind: 'answer-without-inbox-row',
        text: 'order order-2: inventory answered reserve-stock without an inbox row',
      },
    ],
  ],
  [
    'the first delivery was declined, the second was charged',
    ({ payments }) =>
      payments.push({ ...rowOf(payments, { id: 'pay-2' }), id: 'pay-3', status: 'CAPTURED' }),
    [
      {
        kind: 'payment-decided-several-times',
        text: 'order order-2: payment decided 2 times: pay-2, pay-3',
      },
      {
        kind: 'effect-without-inbox-row',
        text:
          'payment pay-3 (CAPTURED) of order order-2 has an inbox row saying refused ' +
          'for capture-payment',
      },
    ],
  ],
  [
    'the inbox row was committed before the effect, and the effect was lost',
    ({ payments }) => removeRow(payments, { id: 'pay-1' }),
    [
      {
        kind: 'answered-without-payment',
        text: 'order order-1: capture-payment done, but no CAPTURED row',
      },
    ],
  ],
  [
    'an inbox row has no answer',
    ({ inbox }) => {
      rowOf(inbox, { sagaId: 'saga-3' }).answer = null;
    },
    [
      {
        kind: 'inbox-row-without-answer',
        text: "inventory's inbox row of saga-3:reserve-stock was committed without an answer",
      },
    ],
  ],
  [
    'only a part of an order was reserved',
    ({ reservations }) => removeRow(reservations, { id: 'res-2' }),
    [
      {
        kind: 'answered-without-reservation',
        text: 'order order-1: reserve-stock done for 1 × cup, but reserved none',
      },
    ],
  ],
  [
    'a late action reserved stock after its undo',
    ({ reservations }) => {
      rowOf(reservations, { id: 'res-3' }).status = 'HELD';
    },
    [
      {
        kind: 'released-but-held',
        text: 'order order-2: release-stock done, but reservation res-3 holds 1 × tea',
      },
    ],
  ],
  [
    'an undo was refused',
    ({ inbox }) => {
      const answer = { outcome: 'refused', reason: 'not-found', detail: '' } as const;
      inbox.push({ owner: 'inventory', sagaId: 'saga-3', step: 'release-stock', answer });
    },
    [
      {
        kind: 'release-refused',
        text: 'saga-3:release-stock was refused: an undo must accept that there is nothing to undo',
      },
    ],
  ],
  [
    'an inbox row has no saga',
    ({ inbox }) => {
      const answer = { outcome: 'done' } as const;
      inbox.push({ owner: 'inventory', sagaId: 'saga-9', step: 'release-stock', answer });
    },
    [
      {
        kind: 'inbox-row-of-unknown-saga',
        text: "inventory's inbox row of saga-9:release-stock is of a saga that does not exist",
      },
    ],
  ],
  [
    'a committed branch has no effect, because the effect was outside of the branch',
    ({ payments, reservations }) => {
      removeRow(payments, { id: 'pay-3' });
      removeRow(reservations, { id: 'res-4' });
    },
    [
      {
        kind: 'branch-without-payment',
        text: 'order order-4: payment committed its branch, but no CAPTURED row',
      },
      {
        kind: 'branch-without-reservation',
        text: 'order order-4: inventory committed for 1 × jug, but reserved none',
      },
    ],
  ],
  [
    'an aborted branch has an effect, because the effect was outside of the branch',
    ({ branches }) => {
      rowOf(branches, { owner: 'payment', transactionId: 'order-4' }).outcome = 'aborted';
    },
    [
      {
        kind: 'effect-without-branch',
        text: 'payment pay-3 (CAPTURED) of order order-4 has no committed branch',
      },
    ],
  ],
  [
    'an abort compensated its effect instead of leaving nothing',
    ({ payments, reservations }) => {
      const orderId = 'order-5';
      payments.push({ ...rowOf(payments, { id: 'pay-2' }), id: 'pay-9', orderId });
      reservations.push({ ...rowOf(reservations, { id: 'res-3' }), id: 'res-9', orderId });
    },
    [
      {
        kind: 'effect-of-aborted-branch',
        text: 'payment pay-9 (DECLINED) of order order-5 is there: an abort of 2PC leaves nothing',
      },
      {
        kind: 'effect-of-aborted-branch',
        text:
          'reservation res-9 (RELEASED) of order order-5 is there: ' +
          'an abort of 2PC leaves nothing',
      },
    ],
  ],
  [
    'an inbox row is of an order placed by 2PC',
    ({ sagas, inbox }) => {
      sagas.push({ ...rowOf(sagas, { id: 'saga-1' }), id: 'saga-4', orderId: 'order-4' });
      inbox.push({ ...rowOf(inbox, { sagaId: 'saga-1' }), sagaId: 'saga-4' });
    },
    [
      {
        kind: 'inbox-row-of-2pc-order',
        text: "inventory's inbox row of saga-4:reserve-stock is of order order-4, placed by 2PC",
      },
    ],
  ],
  [
    'a branch was committed after its transaction was forgotten, without an order',
    ({ orders, reservations }) => {
      removeRow(orders, { id: 'order-5' });
      const reservation = rowOf(reservations, { id: 'res-4' });
      reservations.push({ ...reservation, id: 'res-9', orderId: 'order-5' });
    },
    [
      {
        kind: 'effect-without-branch',
        text: 'reservation res-9 (HELD) of order order-5 has no committed branch',
      },
    ],
  ],
])('INV-6 is broken when %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(oneEffect(snapshot)).toMatchObject(found);
});

test.each([
  ['RELEASED', 'release-stock'],
  ['HELD', 'reserve-stock'],
])('INV-6 is broken by a %s reservation of an order that does not exist', (status, step) => {
  const snapshot = healthySnapshot();
  const stray = { id: 'res-9', orderId: 'order-9', sku: 'tea', quantity: 1, status };
  snapshot.reservations.push(stray);
  expect(oneEffect(snapshot)).toContainEqual({
    kind: 'effect-without-inbox-row',
    step,
    about: { orderId: 'order-9' },
    text: `reservation res-9 (${status}) of order order-9 has no inbox row for ${step}`,
  });
});

test('INV-6 is broken when a payment was declined for an order that does not exist', () => {
  const snapshot = healthySnapshot();
  const declined = rowOf(snapshot.payments, { status: 'DECLINED' });
  snapshot.payments.push({ ...declined, id: 'pay-9', orderId: 'order-9' });
  expect(oneEffect(snapshot)).toMatchObject([
    {
      kind: 'effect-without-inbox-row',
      text: 'payment pay-9 (DECLINED) of order order-9 has no inbox row for capture-payment',
    },
  ]);
});
