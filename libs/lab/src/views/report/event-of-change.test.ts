import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { ORDER_ID, SAGA_ID } from '../../evidence/record/sample-events.fixture.ts';
import { eventLine } from '../../evidence/record/sample-lines.fixture.ts';
import type { SeenChange } from '../../evidence/rows/run-rows.ts';
import type { DatabaseOwner } from '../../infrastructure/provider.ts';
import { readStory } from '../sequence/read-story.ts';
import { eventOfChange } from './event-of-change.ts';

const BEGAN = 1_700_000_000_000;
const iso = (ms: number): string => new Date(BEGAN + ms).toISOString();

/** A change that was polled between 0 and 100 ms. */
function seen(
  [owner, table, kind]: [DatabaseOwner, string, SeenChange['kind']],
  row: SeenChange['row'],
  more: Partial<SeenChange> = {},
): SeenChange {
  return { owner, table, kind, row, columns: [], after: BEGAN, at: BEGAN + 100, ...more };
}

const requested = eventLine('client', 0, { event: 'client-request' });

/** @returns the time of the event of each change, in milliseconds */
function whenOf(
  lines: RecordLine[],
  changes: SeenChange[],
  ofRow: string | null = 'A',
): (number | null)[] {
  const eventOf = eventOfChange(readStory([requested, ...lines]));
  return changes.map((change) => {
    const event = eventOf(change, ofRow);
    return event === null ? null : event.line.at - BEGAN;
  });
}

const capture = { step: 'capture-payment', messageId: 'c', tookMs: 1 };
const answer = { message_id: 'c:answer', step: 'capture-payment', saga_id: SAGA_ID };

test('an effect changed the rows, and its repeats only sent answers', () => {
  const lines = [
    eventLine('payment', 40, { event: 'message-handled', ...capture, how: 'act' }),
    eventLine('payment', 44, { event: 'message-handled', ...capture, how: 'repeat' }),
    eventLine('payment', 45, { event: 'message-handled', ...capture, how: 'repeat' }),
  ];
  const changes = [
    seen(['payment', 'accounts', 'changed'], { customer_id: 'alice' }, { columns: ['balance'] }),
    seen(['payment', 'inbox', 'added'], { message_id: 'c', received_at: iso(20) }),
    ...[20, 30, 38].map((ms) =>
      seen(['payment', 'outbox', 'added'], { ...answer, created_at: iso(ms) }),
    ),
  ];
  expect(whenOf(lines, changes)).toEqual([40, 40, 40, 44, 45]);
});

test('a refused command changed neither stock nor accounts', () => {
  const refused = { ...capture, how: 'act', outcome: 'refused' } as const;
  const lines = [
    eventLine('payment', 40, { event: 'message-handled', ...capture, how: 'act' }),
    eventLine('payment', 60, { event: 'message-handled', ...refused }),
  ];
  const columns = ['balance'];
  const account = seen(['payment', 'accounts', 'changed'], { customer_id: 'a' }, { columns });
  expect(whenOf(lines, [account], null)).toEqual([40]);
});

test('a refused or replayed key and an ignored answer change no row', () => {
  const lines = [
    eventLine('order', 30, { event: 'order-placed' }),
    eventLine('order', 31, { event: 'saga-advanced', send: ['reserve-stock'] }),
    eventLine('order', 50, { event: 'key-refused' }),
    eventLine('order', 51, { event: 'key-replayed' }),
    eventLine('order', 52, { event: 'answer-ignored' }),
    eventLine('order', 53, { event: 'process-started' }),
  ];
  const changes = ['orders', 'order_lines', 'idempotency_keys', 'sagas', 'notes'].map((table) =>
    seen(['order', table, 'added'], { order_id: ORDER_ID }),
  );
  expect(whenOf(lines, changes)).toEqual([30, 30, 30, 31, 31]);
});

test('an outbox row is assigned to its sender, the end of a saga to its last event', () => {
  const lines = [
    eventLine('order', 50, { event: 'saga-advanced', send: ['release-stock'] }),
    eventLine('order', 70, { event: 'saga-advanced', send: [], local: ['reject-order'] }),
    eventLine('order', 71, { event: 'order-ended', status: 'REJECTED' }),
  ];
  const row = { step: 'release-stock', saga_id: SAGA_ID };
  const changes = [
    seen(['order', 'outbox', 'added'], { ...row, created_at: iso(48) }),
    seen(['order', 'outbox', 'added'], row),
    seen(['order', 'sagas', 'changed'], { ended_at: iso(65) }, { columns: ['ended_at'] }),
    seen(['order', 'orders', 'changed'], { updated_at: iso(65) }, { columns: ['updated_at'] }),
  ];
  // The second row has no event: an event sends a message once.
  expect(whenOf(lines, changes)).toEqual([50, null, 70, 71]);
});

test('an epoch is assigned to the event that took it, not to a decision right after it', () => {
  const lines = [
    eventLine('coordinator', 40, { event: 'epoch-taken', epoch: 2, recovered: 1 }),
    eventLine('coordinator', 41, { event: 'decision-made', decision: 'commit', durable: true }),
  ];
  const row = { epoch: 2, taken_at: iso(30) };
  const epoch = seen(['coordinator', 'coordinator_epoch', 'changed'], row, { columns: ['epoch'] });
  expect(whenOf(lines, [epoch], null)).toEqual([40]);
});

test('prepared rows are assigned to the end of the branch, not to the vote', () => {
  const lines = [
    eventLine('order', 20, { event: 'order-placed', coordination: '2pc' }),
    eventLine('payment', 30, { event: 'branch-voted', vote: 'yes', gid: 'lab/payment/1' }),
    eventLine('payment', 60, { event: 'branch-ended', decision: 'commit', how: 'done' }),
    eventLine('payment', 70, { event: 'branch-ended', decision: 'commit', how: 'already' }),
  ];
  const row = { order_id: ORDER_ID, created_at: iso(25) };
  const changes = [
    seen(['payment', 'payments', 'added'], row),
    seen(['order', 'idempotency_keys', 'added'], { key: 'k' }),
    seen(['order', 'orders', 'added'], { id: ORDER_ID }),
  ];
  expect(whenOf(lines, changes)).toEqual([60, 20, null]);
});

test('a heuristic decision changed only the database where it was made', () => {
  const gid = `lab/inventory/${ORDER_ID}`;
  const lines = [
    eventLine('coordinator', 30, { event: 'process-started' }),
    eventLine('operator', 40, { event: 'heuristic-decision', gid, owner: 'inventory' }),
    eventLine('operator', 60, {
      event: 'heuristic-decision',
      gid: 'stock-import-7',
      owner: 'payment',
    }),
  ];
  const changes = [
    seen(['inventory', 'heuristic_decisions', 'added'], { gid, decided_at: iso(35) }),
    seen(['inventory', 'branches', 'added'], { transaction_id: ORDER_ID, ended_at: iso(38) }),
  ];
  expect(whenOf(lines, changes)).toEqual([40, 40]);
  const orphan = ['payment', 'inventory', 'order'] as const;
  const added = orphan.map((owner) => seen([owner, 'parcels', 'added'], { id: 1 }));
  expect(whenOf(lines.slice(2), added, null)).toEqual([60, null, null]);
});

test('heuristic damage in the log is assigned to the report of the participant', () => {
  const lines = [
    eventLine('coordinator', 40, { event: 'decision-made', decision: 'commit', durable: true }),
    eventLine('inventory', 50, { event: 'heuristic-damage', decision: 'commit', applied: 'abort' }),
  ];
  const columns = ['damage'];
  const noted = seen(['coordinator', 'transactions', 'changed'], { id: ORDER_ID }, { columns });
  expect(whenOf(lines, [noted])).toEqual([50]);
});

const MARK = { columns: ['published_at'] };

test('a mark is assigned to the sending of the same row, also to a sending long before', () => {
  const sent = { messageId: 'c', topic: 'payment.commands' };
  const lines = [
    eventLine('relay-order', 10, { event: 'message-sent', ...sent, outboxId: 1 }),
    eventLine('relay-order', 20, { event: 'message-sent', ...sent, outboxId: 1 }),
    eventLine('relay-order', 21, { event: 'message-sent', ...sent, outboxId: 2 }),
    eventLine('order', 200, { event: 'order-ended' }),
  ];
  const late = { ...MARK, after: BEGAN + 150, at: BEGAN + 250 };
  const row = { message_id: 'c', published_at: iso(30) };
  const changes = [
    seen(['order', 'outbox', 'changed'], { ...row, id: 1 }, late),
    seen(['order', 'outbox', 'changed'], { ...row, id: 2 }, late),
    seen(['order', 'outbox', 'changed'], { ...row, id: 3, message_id: 'd' }, late),
  ];
  expect(whenOf(lines, changes)).toEqual([20, 21, null]);
});

test('an event that is recorded after the poll is found by its row or by its order', () => {
  const lines = [
    eventLine('order', 110, { event: 'order-placed' }),
    eventLine('order', 300, { event: 'order-ended' }),
  ];
  const changes = [
    seen(['order', 'orders', 'added'], { id: ORDER_ID, created_at: iso(90) }),
    seen(['order', 'order_lines', 'added'], { order_id: ORDER_ID }),
  ];
  expect(whenOf(lines, changes)).toEqual([110, 110]);
});

test('a change without a matching event gets the previous event of its order or no event', () => {
  const lines = [
    eventLine('order', 30, { event: 'order-placed' }),
    eventLine('inventory', 190, { event: 'message-handled', ...capture, how: 'act' }),
    eventLine('order', 195, { event: 'process-killed' }),
  ];
  const late = { after: BEGAN + 150, at: BEGAN + 250 };
  const change = seen(['order', 'notes', 'added'], { id: 1 }, late);
  expect(whenOf(lines, [change])).toEqual([30]);
  expect(whenOf(lines, [change], 'B')).toEqual([null]);
  expect(whenOf(lines, [change], null)).toEqual([null]);
});
