import { readFileSync } from 'node:fs';
import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { eventLine, readLine } from '../../evidence/record/sample-lines.fixture.ts';
import { readStory } from './read-story.ts';
import { inTime, spanLines } from './sample-span.fixture.ts';
import { sequenceOf } from './sequence-of.ts';

const traceId = 'trace-a';
const ids = { orderId: ORDER_ID, traceId };
const requested = eventLine('client', 0, {
  event: 'client-request',
  traceId,
});
const answered = eventLine('client', 60, {
  event: 'client-response',
  ...ids,
});
const message = { topic: 'inventory.commands', step: 'reserve-stock', type: 'reserve-stock' };
const sent = { event: 'message-sent', messageId: 'm1', ...message, ...ids } as const;
const got = { event: 'message-received', messageId: 'm1', ...message } as const;

function drawn(lines: RecordLine[], polled?: Parameters<typeof sequenceOf>[1]): string[] {
  return sequenceOf(readStory(inTime(lines)), polled).steps.map(
    ({ kind, from, to, text }) => `${kind} ${from}→${to}: ${text}`,
  );
}

test('the wait of an answer in an outbox says so, and a rollback is not drawn as a commit', () => {
  const attributes = { 'messaging.message.id': 'saga:reserve-stock:answer', 'order.id': ORDER_ID };
  const relay = { process: 'relay-inventory', startMs: 5, endMs: 9, attributes };
  const undone = { process: 'inventory', startMs: 1, endMs: 3, attributes, failed: 'x: timeout' };
  const order = eventLine('order', 1, { event: 'order-placed', ...ids });
  const spans = [
    ...spanLines('outbox wait reserve-stock', relay),
    ...spanLines('transaction', undone),
  ];
  expect(drawn([requested, order, ...spans]).slice(2)).toEqual([
    'rollback inventory→inventory-db: rolled back: timeout',
    'message inventory-db→relay-inventory: the answer to reserve-stock waited 4 ms in the outbox',
  ]);
});

test('a message is drawn through outbox, relay and Kafka, each cause before its effect', () => {
  const attributes = { 'messaging.message.id': 'm1', 'order.id': ORDER_ID };
  const lines = [
    requested,
    eventLine('order', 10, { event: 'order-placed', ...ids, customerId: 'bob' }),
    ...spanLines('outbox wait reserve-stock', {
      process: 'relay-order',
      startMs: 8,
      endMs: 20,
      attributes,
    }),
    ...spanLines('send inventory.commands', {
      process: 'relay-order',
      startMs: 21,
      endMs: 39,
      attributes,
    }),
    // The message is received before its sending is recorded.
    eventLine('inventory', 35, { ...got, ...ids }),
    eventLine('relay-order', 40, sent),
    ...spanLines('mark published', { process: 'relay-order', startMs: 41, endMs: 45 }),
  ];
  expect(drawn(lines)).toEqual([
    'request client→order: POST /orders: bob wants 1 × tea',
    'commit order→orders-db: order placed: PENDING, bob, 1 × tea, total 12.50',
    'message orders-db→relay-order: reserve-stock waited 12 ms in the outbox',
    'message relay-order→kafka: reserve-stock to inventory.commands',
    'message kafka→inventory: reserve-stock from inventory.commands 0:0',
    'commit relay-order→orders-db: marked as published',
  ]);
});

test('a second sending is a retry, and a second reception is a duplicate', () => {
  const twice = [10, 20].flatMap((at) => [
    eventLine('relay-order', at, sent),
    eventLine('inventory', at + 5, { ...got, ...ids }),
  ]);
  const kinds = sequenceOf(readStory([requested, ...twice])).steps.map(({ kind }) => kind);
  expect(kinds).toEqual(['request', 'message', 'message', 'retry', 'duplicate']);
});

test('a message that a fault drops is lost between Kafka and its consumer', () => {
  const dropped = {
    event: 'message-fault-hit',
    action: 'drop',
    messageId: 'm1',
    topic: 't',
    ...ids,
  } as const;
  expect(drawn([requested, eventLine('inventory', 5, { ...dropped, offset: '0' })]).at(-1)).toBe(
    'lost kafka→inventory: drop of m1 (t, offset 0)',
  );
});

test('a crash that both the process and the lab record is drawn once', () => {
  const lines = [
    requested,
    eventLine('order', 5, { event: 'failpoint-hit', name: 'order:x' }),
    eventLine('order', 9, { event: 'process-killed', signal: 'SIGKILL' }),
  ];
  expect(drawn(lines).slice(1)).toEqual(['crash order→order: killed at order:x (hit 1)']);
  expect(drawn(lines.filter((_line, index) => index !== 1)).slice(1)).toEqual([
    'crash order→order: killed: process 4711 is gone (SIGKILL)',
  ]);
});

test('a response equal to the previous response is not drawn', () => {
  const read = (at: number, orderStatus: string) =>
    readLine(at, { path: `/orders/${ORDER_ID}`, orderStatus, orderId: ORDER_ID });
  const lines = [requested, read(10, 'PENDING'), read(20, 'PENDING'), read(30, 'CONFIRMED')];
  expect(drawn(lines).slice(1)).toEqual([
    'answer order→client: GET /orders/A answered 200: PENDING',
    'answer order→client: GET /orders/A answered 200: CONFIRMED',
  ]);
});

test('a request without a response belongs to the order of its key', () => {
  const first = { ...requested, traceId: 'trace-of-the-first-try' };
  expect(sequenceOf(readStory([first, answered])).steps.map(({ order }) => order)).toEqual([
    'A',
    'A',
  ]);
});

test('a polled lock wait is drawn at its beginning', () => {
  const lock = {
    owner: 'inventory',
    statement: 'update stock',
    heldBy: 'lab/inventory/x',
    fromMs: 10,
    untilMs: 50,
    event: null,
  };
  const { steps, lifelines } = sequenceOf(readStory([requested, answered]), { locks: [lock] });
  expect(steps[1]).toMatchObject({
    kind: 'lock-wait',
    from: 'inventory-db',
    to: 'inventory-db',
    untilMs: 50,
    event: 0,
  });
  expect(lifelines.map(({ id }) => id)).toEqual(['client', 'order', 'inventory-db']);
});

/** `scenario run 2pc-coordinator-crash-after-decision`: its record, from the first request on. */
const recorded = readFileSync(new URL('recorded-crash.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line): RecordLine => JSON.parse(line));

test('a recorded run: votes, decision, crash, recovery, answer', () => {
  const { steps, lifelines } = sequenceOf(readStory(recorded));
  const places = steps.map(({ kind, from, to }) => `${kind} ${from}→${to}`);
  const story = [
    'request client→order',
    'request order→coordinator',
    'request coordinator→payment',
    'prepared payment→payments-db',
    'answer payment→coordinator',
    'decision coordinator→coordinator-db',
    'crash coordinator→coordinator',
    'lost order→coordinator',
    'restart coordinator→coordinator-db',
    'answer order→client',
  ];
  const found = story.map((place) => places.indexOf(place));
  expect(found).not.toContain(-1);
  expect(found).toEqual(found.toSorted((one, other) => one - other));
  expect(places.filter((place) => place.startsWith('crash'))).toHaveLength(1);
  expect(lifelines.map(({ id }) => id)).toEqual([
    'client',
    'order',
    'orders-db',
    'coordinator',
    'coordinator-db',
    'inventory',
    'inventory-db',
    'payment',
    'payments-db',
  ]);
});

test('a recorded run: each vote stands on the answer to its prepare, with its event', () => {
  const votes = sequenceOf(readStory(recorded)).steps.filter(({ text }) => text === 'votes yes');
  expect(votes.map(({ from }) => from).toSorted()).toEqual(['inventory', 'order', 'payment']);
  const events = recorded.filter(({ kind }) => kind === 'event');
  for (const { event } of votes) {
    expect(events[event ?? -1]).toMatchObject({ event: 'vote-received' });
  }
});
