import { expect, test } from 'vitest';
import { healthySnapshot, rowOf } from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { quiet } from './quiet.ts';

test('holds', () => {
  expect(quiet(healthySnapshot())).toEqual([]);
});

test.each<[string, (snapshot: Snapshot) => void, Partial<Violation>]>([
  [
    'an order that hangs',
    ({ orders }) => {
      rowOf(orders, { id: 'order-1' }).status = 'PENDING';
    },
    { kind: 'order-pending', text: 'order order-1 is still PENDING' },
  ],
  [
    'a saga that waits',
    ({ sagas }) => {
      const waits = { status: 'running', awaiting: 'capture-payment', attempts: 3 };
      Object.assign(rowOf(sagas, { id: 'saga-1' }), waits);
    },
    {
      kind: 'saga-open',
      text: 'saga saga-1 of order order-1 is running: awaits capture-payment, sent 3 ×',
    },
  ],
  [
    'a message that nobody published',
    ({ outbox }) => {
      rowOf(outbox, { id: 1 }).published = false;
    },
    {
      kind: 'message-unpublished',
      text: "order's outbox row 1 (saga-1:reserve-stock) is not published",
    },
  ],
  [
    'a transaction in doubt',
    ({ preparedTransactions }) => preparedTransactions.push({ owner: 'payment', gid: 'order-1' }),
    {
      kind: 'branch-prepared',
      text: "transaction order-1 is still prepared in payment's database",
    },
  ],
  [
    'a participant that was never told, or never answered',
    ({ transactions }) => {
      rowOf(transactions, { id: 'order-4' }).ended = false;
    },
    {
      kind: 'transaction-unacknowledged',
      text:
        'transaction order-4 is decided commit, not acknowledged by all: ' +
        'inventory, payment, order',
    },
  ],
  [
    'a coordinator that nobody started again: begun, and never decided',
    ({ transactions }) => {
      const participants = ['inventory', 'payment', 'order'];
      transactions.push({ id: 'order-9', decision: null, participants, ended: false, damage: [] });
    },
    { kind: 'transaction-undecided', text: 'transaction order-9 is begun, and not decided' },
  ],
  [
    'a message that was given up',
    ({ topics }) => {
      const message = rowOf(topics, { messageId: 'saga-3:reserve-stock' });
      const topic = `${message.topic}.dead-letter`;
      topics.push({ ...message, topic, deadLetterReason: 'not JSON' });
    },
    {
      kind: 'dead-letter',
      text: 'dead letter saga-3:reserve-stock on inventory.commands.dead-letter: not JSON',
    },
  ],
])('caught: %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(quiet(snapshot)).toMatchObject([found]);
});
