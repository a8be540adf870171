import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { oneEffect } from './one-effect.ts';

test('holds: delivered twice, done once', () => {
  expect(oneEffect(healthySnapshot())).toEqual([]);
});

test('holds: undone before it ever came, the action is refused for good', () => {
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
    'no inbox: reserved at each delivery',
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
    'declined first, charged at the second delivery',
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
    'the inbox row was committed before the effect, which was lost',
    ({ payments }) => removeRow(payments, { id: 'pay-1' }),
    [
      {
        kind: 'answered-without-payment',
        text: 'order order-1: capture-payment done, but no CAPTURED row',
      },
    ],
  ],
  [
    'claimed, and never answered',
    ({ inbox }) => {
      rowOf(inbox, { sagaId: 'saga-3' }).answer = null;
    },
    [
      {
        kind: 'inbox-row-without-answer',
        text: "inventory's inbox row of saga-3:reserve-stock was committed without its answer",
      },
    ],
  ],
  [
    'half of an order reserved',
    ({ reservations }) => removeRow(reservations, { id: 'res-2' }),
    [
      {
        kind: 'answered-without-reservation',
        text: 'order order-1: reserve-stock done for 1 × cup, but reserved none',
      },
    ],
  ],
  [
    'a late action took stock after its undo',
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
    'an undo that says no',
    ({ inbox }) => {
      const answer = { outcome: 'refused', reason: 'not-found', detail: '' } as const;
      inbox.push({ owner: 'inventory', sagaId: 'saga-3', step: 'release-stock', answer });
    },
    [
      {
        kind: 'release-refused',
        text: 'saga-3:release-stock was refused: an undo must accept that nothing was',
      },
    ],
  ],
  [
    'a row of no saga',
    ({ inbox }) => {
      const answer = { outcome: 'done' } as const;
      inbox.push({ owner: 'inventory', sagaId: 'saga-9', step: 'release-stock', answer });
    },
    [
      {
        kind: 'inbox-row-of-unknown-saga',
        text: "inventory's inbox row of saga-9:release-stock is of a saga that nobody started",
      },
    ],
  ],
  [
    'committed, and the effect is lost: it was not in the branch',
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
    'the effect is there, and its branch was aborted: it was outside of it',
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
    'an abort that undoes instead of leaving nothing',
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
    'an order of 2PC in an inbox',
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
    'prepared, and committed after its transaction was forgotten: no order is left',
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
])('caught: %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(oneEffect(snapshot)).toMatchObject(found);
});

test.each([
  ['RELEASED', 'release-stock'],
  ['HELD', 'reserve-stock'],
])('caught: a %s reservation of an order that does not exist', (status, step) => {
  const snapshot = healthySnapshot();
  const nobodys = { id: 'res-9', orderId: 'order-9', sku: 'tea', quantity: 1, status };
  snapshot.reservations.push(nobodys);
  expect(oneEffect(snapshot)).toContainEqual({
    kind: 'effect-without-inbox-row',
    step,
    about: { orderId: 'order-9' },
    text: `reservation res-9 (${status}) of order order-9 has no inbox row for ${step}`,
  });
});

test('caught: a payment that was declined for an order that does not exist', () => {
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
