import { expect, test } from 'vitest';
import { eventLine, ORDER_ID } from '../../evidence/record/sample-lines.fixture.ts';
import type { RunRows, SeenChange } from '../../evidence/rows/run-rows.ts';
import { sampleRunRows } from '../../evidence/rows/sample-rows.fixture.ts';
import type { DatabaseOwner } from '../../infrastructure/provider.ts';
import { readStory } from '../sequence/read-story.ts';
import { eventOfChange } from './event-of-change.ts';

const BEGAN = 1_700_000_000_000;
const SAGA_ID = '019a0b3e-7c12-7aa0-8b10-0c9d8e7f6a55';
const iso = (ms: number): string => new Date(BEGAN + ms).toISOString();

/** An event of order A. */
function of(process: string, ms: number, event: string, fields: Record<string, unknown> = {}) {
  return eventLine(process, ms, { event, orderId: ORDER_ID, sagaId: SAGA_ID, ...fields });
}

/** A change that looks saw between 0 and 100 ms. */
function seen(
  [owner, table, kind]: [DatabaseOwner, string, SeenChange['kind']],
  row: SeenChange['row'],
  more: Partial<SeenChange> = {},
): SeenChange {
  return { owner, table, kind, row, columns: [], after: BEGAN, at: BEGAN + 100, ...more };
}

/** @returns for each change when its event was, in milliseconds */
function whenOf(
  lines: ReturnType<typeof of>[],
  changes: SeenChange[],
  ofRow: string | null = 'A',
  rows: RunRows = sampleRunRows(),
): (number | null)[] {
  const eventOf = eventOfChange(rows, readStory([of('client', 0, 'client-request'), ...lines]));
  return changes.map((change) => {
    const event = eventOf(change, ofRow);
    return event === null ? null : event.line.at - BEGAN;
  });
}

const capture = { step: 'capture-payment', messageId: 'c', tookMs: 1, outcome: 'done' };
const answer = { message_id: 'c:answer', step: 'capture-payment', saga_id: SAGA_ID };

test('of an effect and its repeats the effect has changed the rows; each sent an answer', () => {
  const lines = [
    of('payment', 40, 'message-handled', { ...capture, how: 'act' }),
    of('payment', 44, 'message-handled', { ...capture, how: 'repeat' }),
    of('payment', 45, 'message-handled', { ...capture, how: 'repeat' }),
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

test('a command that was refused has left stock and accounts alone', () => {
  const refused = { ...capture, how: 'act', outcome: 'refused' };
  const lines = [
    of('payment', 40, 'message-handled', { ...capture, how: 'act' }),
    of('payment', 60, 'message-handled', refused),
  ];
  const columns = ['balance'];
  const account = seen(['payment', 'accounts', 'changed'], { customer_id: 'a' }, { columns });
  expect(whenOf(lines, [account], null)).toEqual([40]);
});

test('a key that is refused or replayed has changed nothing, nor has an ignored answer', () => {
  const lines = [
    of('order', 30, 'order-placed'),
    of('order', 31, 'saga-advanced', { send: ['reserve-stock'] }),
    ...['key-refused', 'key-replayed', 'answer-ignored', 'process-started'].map((event, n) =>
      of('order', 50 + n, event),
    ),
  ];
  const changes = ['orders', 'order_lines', 'idempotency_keys', 'sagas', 'notes'].map((table) =>
    seen(['order', table, 'added'], { order_id: ORDER_ID }),
  );
  expect(whenOf(lines, changes)).toEqual([30, 30, 30, 31, 31]);
});

test('a message is put down to who sent it, and the end of its saga to the end', () => {
  const lines = [
    of('order', 50, 'saga-advanced', { send: ['release-stock'] }),
    of('order', 70, 'saga-advanced', { send: [], local: ['reject-order'] }),
    of('order', 71, 'order-ended', { status: 'REJECTED' }),
  ];
  const row = { step: 'release-stock', saga_id: SAGA_ID };
  const changes = [
    seen(['order', 'outbox', 'added'], { ...row, created_at: iso(48) }),
    seen(['order', 'outbox', 'added'], row),
    seen(['order', 'sagas', 'changed'], { ended_at: iso(65) }, { columns: ['ended_at'] }),
    seen(['order', 'orders', 'changed'], { updated_at: iso(65) }, { columns: ['updated_at'] }),
  ];
  // The second row has no sender: an event sends a message once.
  expect(whenOf(lines, changes)).toEqual([50, null, 70, 71]);
});

test('an epoch is the coordinator that took it, whatever it decided at once', () => {
  const lines = [
    of('coordinator', 40, 'epoch-taken', { epoch: 2, recovered: 1 }),
    of('coordinator', 41, 'decision-made', { decision: 'commit', durable: true }),
  ];
  const row = { epoch: 2, taken_at: iso(30) };
  const epoch = seen(['coordinator', 'coordinator_epoch', 'changed'], row, { columns: ['epoch'] });
  expect(whenOf(lines, [epoch], null)).toEqual([40]);
});

test('what a vote has prepared nobody sees before its branch ends', () => {
  const lines = [
    of('order', 20, 'order-placed', { coordination: '2pc' }),
    of('payment', 30, 'branch-voted', { vote: 'yes', gid: 'lab/payment/1' }),
    of('payment', 60, 'branch-ended', { decision: 'commit', how: 'done' }),
    of('payment', 70, 'branch-ended', { decision: 'commit', how: 'already' }),
  ];
  const row = { order_id: ORDER_ID, created_at: iso(25) };
  const changes = [
    seen(['payment', 'payments', 'added'], row),
    seen(['order', 'idempotency_keys', 'added'], { key: 'k' }),
    seen(['order', 'orders', 'added'], { id: ORDER_ID }),
  ];
  expect(whenOf(lines, changes)).toEqual([60, 20, null]);
});

test('what an operator did by hand is theirs, in the database where it was', () => {
  const gid = `lab/inventory/${ORDER_ID}`;
  const lines = [
    of('coordinator', 30, 'process-started', { name: 'coordinator' }),
    of('operator', 40, 'heuristic-decision', { gid, decision: 'abort' }),
    eventLine('operator', 60, { event: 'heuristic-decision', gid: 'stock-import-7' }),
  ];
  const changes = [
    seen(['inventory', 'heuristic_decisions', 'added'], { gid, decided_at: iso(35) }),
    seen(['inventory', 'branches', 'added'], { transaction_id: ORDER_ID, ended_at: iso(38) }),
  ];
  expect(whenOf(lines, changes)).toEqual([40, 40]);
  // Looks have seen the orphan in payment's database.
  const orphan = ['payment', 'inventory', 'order'] as const;
  const added = orphan.map((owner) => seen([owner, 'parcels', 'added'], { id: 1 }));
  expect(whenOf(lines.slice(2), added, null)).toEqual([60, null, null]);
});

test('heuristic damage is in the log because a participant told of it', () => {
  const lines = [
    of('coordinator', 40, 'decision-made', { decision: 'commit', durable: true }),
    of('inventory', 50, 'heuristic-damage', { decision: 'commit', did: 'abort' }),
  ];
  const columns = ['damage'];
  const noted = seen(['coordinator', 'transactions', 'changed'], { id: ORDER_ID }, { columns });
  expect(whenOf(lines, [noted])).toEqual([50]);
});

const MARK = { columns: ['published_at'] };

test('a mark is its own relay note, however long ago, of that row alone', () => {
  const sent = { messageId: 'c', topic: 'payment.commands' };
  const lines = [
    of('relay-order', 10, 'message-sent', { ...sent, outboxId: '1' }),
    of('relay-order', 20, 'message-sent', { ...sent, outboxId: '1' }),
    of('relay-order', 21, 'message-sent', { ...sent, outboxId: '2' }),
    of('order', 200, 'order-ended'),
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

test('an event that is noted after the look is found, by its row or by its order', () => {
  const lines = [of('order', 110, 'order-placed'), of('order', 300, 'order-ended')];
  const changes = [
    seen(['order', 'orders', 'added'], { id: ORDER_ID, created_at: iso(90) }),
    seen(['order', 'order_lines', 'added'], { order_id: ORDER_ID }),
  ];
  expect(whenOf(lines, changes)).toEqual([110, 110]);
});

test('without any that fits: the last of its own order before, else none', () => {
  const lines = [
    of('order', 30, 'order-placed'),
    of('inventory', 190, 'message-handled', { ...capture, how: 'act' }),
    eventLine('order', 195, { event: 'process-killed', name: 'order' }),
  ];
  const late = { after: BEGAN + 150, at: BEGAN + 250 };
  const change = seen(['order', 'notes', 'added'], { id: 1 }, late);
  expect(whenOf(lines, [change])).toEqual([30]);
  expect(whenOf(lines, [change], 'B')).toEqual([null]);
  expect(whenOf(lines, [change], null)).toEqual([null]);
});
