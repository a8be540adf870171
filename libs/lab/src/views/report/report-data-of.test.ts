import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { eventLine, sampleLines } from '../../evidence/record/sample-lines.fixture.ts';
import { sampleRunRows } from '../../evidence/rows/sample-rows.fixture.ts';
import type { RunResult } from '../../evidence/run-result.ts';
import { sampleResult } from '../../evidence/sample-result.fixture.ts';
import type { ReportData } from '../page/report-data.ts';
import { reportDataOf } from './report-data-of.ts';

function reported(result: Partial<RunResult> = {}, more: RecordLine[] = []): ReportData {
  const lines = [...sampleLines(), ...more].toSorted((one, other) => one.at - other.at);
  return reportDataOf({ result: { ...sampleResult(), ...result }, lines }, sampleRunRows(), null);
}

const idOf = (data: ReportData, event: string, nth = 0): number | undefined =>
  data.events.filter((each) => each.event === event)[nth]?.id;

test('the story has every event with its order and its index in the record', () => {
  const { events, orders } = reported();
  expect(orders).toMatchObject([{ id: ORDER_ID, label: 'A', status: 'REJECTED' }]);
  expect(events.map(({ id }) => id)).toEqual(sampleLines().map((_, index) => index));
  expect(events.at(-1)).toMatchObject({ atMs: 44, event: 'order-ended', order: 'A' });
});

test('an event before the first request has a negative time', () => {
  const early = eventLine('order', -50, { event: 'service-ready' });
  expect(reported({}, [early]).events[0]).toMatchObject({ atMs: -50 });
});

test('a table has its rows before and after, and each change with its event', () => {
  const data = reported();
  const stock = data.databases[1]?.tables[1];
  expect(stock?.before).toEqual(stock?.after);
  expect(stock?.changes).toMatchObject([
    { atMs: 15, columns: ['available', 'held'], event: idOf(data, 'message-handled'), order: 'A' },
    { atMs: 41, row: { held: 0 }, event: idOf(data, 'message-handled', 1) },
  ]);
  const orders = data.databases[0]?.tables[0];
  expect(orders?.before).toEqual([]);
  expect(orders?.after).toEqual([{ id: ORDER_ID, status: 'REJECTED', reason: 'payment-declined' }]);
  expect(orders?.changes[1]).toMatchObject({ event: idOf(data, 'order-ended'), order: 'A' });
});

test('a mark is assigned to the relay, other changes to the service', () => {
  const data = reported();
  const outbox = data.databases[0]?.tables[1];
  expect(outbox?.changes.map(({ event }) => event)).toEqual([
    idOf(data, 'saga-advanced'),
    idOf(data, 'message-sent'),
  ]);
});

test('a message has its outbox row, its place in Kafka, its handling and its inbox row', () => {
  const [message] = reported().messages;
  expect(message).toMatchObject({ messageId: 'a', owner: 'order', topic: 'inventory.commands' });
  expect(message?.places.map(({ place, process }) => [place, process])).toEqual([
    ['outbox', 'order'],
    ['kafka', 'relay-order'],
    ['handled', 'inventory'],
  ]);
  expect(message?.inbox).toMatchObject({ message_id: 'a', step: 'reserve-stock' });
});

test('a message is in Kafka before its reception, even if its relay recorded it later', () => {
  const message = { messageId: 'a', step: 'reserve-stock' };
  const attributes = { 'messaging.message.id': 'a' };
  const at = 1_700_000_000_000;
  const name = 'send reserve-stock';
  const span = { traceId: 't', spanId: 's', name, spanKind: 3, startedAt: at + 7, attributes };
  const ids = { kind: 'span-end', process: 'relay-order', pid: 1 } as const;
  const { messages } = reported({}, [
    { ...ids, ...span, at: at + 9, endedAt: at + 9 },
    eventLine('inventory', 8, { event: 'message-received', ...message }),
  ]);
  expect(messages[0]?.places.map(({ place, atMs }) => [place, atMs])).toEqual([
    ['outbox', 7],
    ['kafka', 7],
    ['received', 8],
    ['handled', 12],
  ]);
});

test('a second delivery is ignored, and a message that is given up is a dead letter', () => {
  const again = { messageId: 'a', step: 'reserve-stock' };
  const { messages } = reported({}, [
    eventLine('inventory', 20, { event: 'message-handled', ...again, how: 'repeat' }),
    eventLine('inventory', 24, { event: 'message-received', ...again, offset: '8' }),
    eventLine('inventory', 25, { event: 'dead-lettered', offset: '8' }),
  ]);
  const places = messages[0]?.places.map(({ place }) => place) ?? [];
  expect(places.slice(-3)).toEqual(['ignored', 'received', 'dead-letter']);
});

test('without rows the page has the story and says that the rows are missing', () => {
  const run = { result: sampleResult(), lines: sampleLines() };
  const { databases, messages, leftOut, events } = reportDataOf(run, null, null);
  expect(databases).toEqual([]);
  expect(leftOut).toEqual([expect.stringContaining('were not polled')]);
  expect(events).not.toEqual([]);
  expect(messages[0]?.places[0]).toMatchObject({ place: 'outbox', atMs: 6 });
});

test('a prepared transaction lasts from its vote to its end, an orphan as polled', () => {
  const gid = `lab/inventory/${ORDER_ID}`;
  const branch = { orderId: ORDER_ID, gid };
  const data = reported({}, [
    eventLine('inventory', 14, { event: 'branch-voted', ...branch }),
    eventLine('inventory', 15, { event: 'branch-voted', ...branch, repeated: true }),
    eventLine('inventory', 29, { event: 'branch-ended' }),
  ]);
  expect(data.prepared).toMatchObject([
    { owner: 'payment', gid: 'stock-import-7', order: null, fromMs: 10, untilMs: null },
    { owner: 'inventory', gid, order: 'A', fromMs: 14, untilMs: 29 },
  ]);
  expect(data.locks).toMatchObject([{ heldBy: 'stock-import-7', fromMs: 13, untilMs: 30 }]);
});

test('a lock wait is assigned to the last event of the process that waits', () => {
  const received = { event: 'message-received', messageId: 'a' } as const;
  const data = reported({}, [
    eventLine('inventory', 12.5, received),
    eventLine('inventory-2', 12.8, received),
    eventLine('inventory', 14, received),
  ]);
  expect(data.locks).toMatchObject([{ event: idOf(data, 'message-received') }]);
  expect(reported().locks).toMatchObject([
    { fromMs: 13, event: idOf(reported(), 'message-handled') },
  ]);
});

test('an orphan ends with the event of the operator', () => {
  const ended = eventLine('operator', 33, { event: 'heuristic-decision', gid: 'stock-import-7' });
  const { prepared } = reported({}, [ended]);
  expect(prepared).toMatchObject([{ gid: 'stock-import-7', fromMs: 10, untilMs: 33 }]);
});

test('the page lists every armed fault, also if it never struck, and every fault by hand', () => {
  const rule = 'relay-order:published-not-marked=crash@1';
  const crash = { event: 'failpoint-hit', rule } as const;
  const killed = { event: 'process-killed' } as const;
  const data = reported({ faults: ['payment=decline@9', rule] }, [
    eventLine('relay-order', 10, crash),
    eventLine('relay-order', 11, killed),
    eventLine('payment', 12, killed),
  ]);
  expect(data.faults).toEqual([
    { rule: 'payment=decline@9', events: [] },
    { rule, events: [idOf(data, 'failpoint-hit')] },
    { rule: 'kill payment (by hand)', events: [idOf(data, 'process-killed', 1)] },
  ]);
});

test('a broken check names the event that made it inevitable', () => {
  const because = { event: 'order-ended', atMs: 44, process: 'order', text: '', traceId: null };
  const broken = {
    id: 'INV-1',
    title: 'Money',
    holds: false,
    detail: 'less',
    violations: [],
    because,
  };
  const data = reported({ invariants: [broken] });
  expect(data.checks).toMatchObject([
    { id: 'INV-1', holds: false, evidence: 'less', event: idOf(data, 'order-ended') },
    { id: '', title: 'The stock is released', event: null },
  ]);
  const elsewhere = { ...broken, because: { ...because, atMs: 45 } };
  expect(reported({ invariants: [elsewhere] }).checks[0]?.event).toBeNull();
});

const manyIds = Array.from({ length: 300 }, (_, n) => {
  return `019a0b3e-7c11-7d2f-9a41-${String(n).padStart(12, '0')}`;
});

/** Three hundred orders with enough events to fill pages; one of the orders has a fault. */
function manyOrders(textLength: number): ReportData {
  const lines = manyIds.flatMap((orderId, n): RecordLine[] => [
    eventLine('client', n * 10, { event: 'client-request', key: orderId }),
    eventLine('order', n * 10 + 1, {
      event: 'order-placed',
      orderId,
      customerId: 'x'.repeat(textLength),
    }),
    n === 299
      ? eventLine('order', n * 10 + 2, { event: 'saga-command-retried', orderId })
      : eventLine('order', n * 10 + 2, { event: 'order-ended', orderId }),
  ]);
  const orders = manyIds.map((id) => ({ id, status: 'CONFIRMED', reason: null }));
  return reportDataOf({ result: { ...sampleResult(), orders }, lines }, null, null);
}

test('of many orders those with faults and the first others are shown; the page says so', () => {
  const { orders, events, leftOut, checks } = manyOrders(10);
  expect(orders).toHaveLength(120);
  expect(orders.map(({ id }) => id)).toContain(manyIds[299]);
  expect(orders.map(({ id }) => id)).not.toContain(manyIds[298]);
  const shown = new Set(orders.map(({ label }) => label));
  expect(events.every(({ order }) => order === null || shown.has(order))).toBe(true);
  expect(leftOut[0]).toContain('Of 300 orders, 120 are shown in full');
  expect(checks).toHaveLength(sampleResult().invariants.length + 1);
});

test('the page stays within its size limit and uses it, however many events an order has', () => {
  const data = manyOrders(40_000);
  const size = Buffer.byteLength(JSON.stringify(data));
  expect(size).toBeLessThan(4_000_000);
  expect(size).toBeGreaterThan(3_800_000);
  expect(data.orders.length).toBeLessThan(120);
  expect(data.orderCount).toBe(300);
});

test('of thousands of requests without an order the first are shown, and the page says so', () => {
  const refused = { event: 'client-request' } as const;
  const lines = Array.from({ length: 6_000 }, (_, n) => eventLine('client', n, refused));
  const { events, leftOut } = reportDataOf({ result: sampleResult(), lines }, null, null);
  expect(events).toHaveLength(4_800);
  expect(events.at(-1)?.atMs).toBe(4_799);
  expect(leftOut[0]).toBe('Of 6000 events without an order, the first 4800 are shown.');
});

test('a run without events begins with its first span', () => {
  const span = { spanKind: 1, traceId: 't', spanId: 's', name: 'GET /', attributes: {} };
  const at = Date.parse('2026-11-21T20:00:00Z');
  const started = { kind: 'span-start', process: 'order', pid: 1, at, startedAt: at } as const;
  const run = { result: { ...sampleResult(), orders: [] }, lines: [{ ...started, ...span }] };
  expect(reportDataOf(run, null, null).startedAt).toBe('2026-11-21T20:00:00.000Z');
});

test('a run without events and spans has a page', () => {
  const run = { result: { ...sampleResult(), orders: [] }, lines: [] };
  expect(reportDataOf(run, null, null)).toMatchObject({ events: [], orders: [], spans: [] });
});
