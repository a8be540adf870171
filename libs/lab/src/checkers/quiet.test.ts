import { expect, test } from 'vitest';
import { healthySnapshot, rowOf } from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { quiet } from './quiet.ts';

test('INV-9 holds in a healthy lab', () => {
  expect(quiet(healthySnapshot())).toEqual([]);
});

test.each<[string, (snapshot: Snapshot) => void, Partial<Violation>]>([
  [
    'an order is still PENDING',
    ({ orders }) => {
      rowOf(orders, { id: 'order-1' }).status = 'PENDING';
    },
    { kind: 'order-pending', text: 'order order-1 is still PENDING' },
  ],
  [
    'a saga still waits for an answer',
    ({ sagas }) => {
      const waits = { status: 'running', awaiting: 'capture-payment', attempts: 3 };
      Object.assign(rowOf(sagas, { id: 'saga-1' }), waits);
    },
    {
      kind: 'saga-open',
      text: 'saga saga-1 of order order-1 is running: awaits capture-payment, sent 3 times',
    },
  ],
  [
    'an outbox row is not published',
    ({ outbox }) => {
      rowOf(outbox, { id: 1 }).published = false;
    },
    {
      kind: 'message-unpublished',
      text: "order's outbox row 1 (saga-1:reserve-stock) is not published",
    },
  ],
  [
    'a transaction is still prepared',
    ({ preparedTransactions }) => preparedTransactions.push({ owner: 'payment', gid: 'order-1' }),
    {
      kind: 'branch-prepared',
      text: "transaction order-1 is still prepared in payment's database",
    },
  ],
  [
    'a decision is not acknowledged by all participants',
    ({ transactions }) => {
      rowOf(transactions, { id: 'order-4' }).ended = false;
    },
    {
      kind: 'transaction-unacknowledged',
      text:
        'transaction order-4 is decided commit, but not acknowledged by all of ' +
        'inventory, payment, order',
    },
  ],
  [
    'a transaction was begun and never decided',
    ({ transactions }) => {
      const participants = ['inventory', 'payment', 'order'];
      transactions.push({ id: 'order-9', decision: null, participants, ended: false, damage: [] });
    },
    { kind: 'transaction-undecided', text: 'transaction order-9 is begun, but not decided' },
  ],
  [
    'a message is a dead letter',
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
])('INV-9 is broken when %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(quiet(snapshot)).toMatchObject([found]);
});
