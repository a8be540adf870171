import type { EventLine, EventName, RecordLine } from '@indoubt/record';
import { describe, expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { sampleLine } from '../../evidence/record/sample-lines.fixture.ts';
import { measureOrder } from './measure-order.ts';

const TRACE = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const EPOCH_MS = 1_700_000_000_000; // where eventLine begins to count
const CLIENT_KIND = 2;

interface Options {
  traceId?: string;
  links?: { traceId: string; spanId: string }[];
  attributes?: Record<string, string | number>;
  spanKind?: number;
  failed?: string;
}

let spans = 0;

/** A span of Alice's trace, ended by default. */
function span(process: string, name: string, fromMs: number, toMs: number, more: Options = {}) {
  spans += 1;
  const spanId = String(spans).padStart(16, '0');
  const startedAt = EPOCH_MS + fromMs;
  const endedAt = EPOCH_MS + toMs;
  const fixed = { kind: 'span-end', pid: 4711, traceId: TRACE, spanKind: 0, attributes: {} };
  return {
    ...fixed,
    process,
    name,
    spanId,
    startedAt,
    endedAt,
    at: endedAt,
    ...more,
  } as RecordLine;
}

/** An event of Alice's order, in the trace of that order. */
function event<N extends EventName>(process: string, atMs: number, name: N): EventLine<N> {
  return { ...sampleLine(process, atMs, name), traceId: TRACE };
}

function request(name: string, fromMs: number, path: string, more: Options = {}): RecordLine {
  const url = `http://127.0.0.1:1${path}`;
  const post = { 'http.request.method': 'POST', 'url.full': url };
  const attributes = { ...post, 'http.response.status_code': 200 };
  const from = name.startsWith('request') ? 'inventory' : 'coordinator';
  return span(from, name, fromMs, fromMs + 9, { spanKind: CLIENT_KIND, attributes, ...more });
}

const placed = [event('client', 0, 'client-request'), event('order', 5, 'order-placed')];
const confirmed = event('order', 90, 'order-ended');
const of = (...lines: RecordLine[]) => measureOrder([...placed, ...lines], ORDER_ID);

describe('time', () => {
  test('times are measured from the request to its response and to the end of the order', () => {
    const answered = { ...event('client', 20, 'client-response'), orderId: ORDER_ID };
    expect(of(answered, confirmed)).toMatchObject({
      status: 'CONFIRMED',
      answeredMs: 20,
      endedMs: 90,
    });
  });

  test('a time is null when the record has no data', () => {
    expect(measureOrder([], ORDER_ID)).toMatchObject({
      status: null,
      endedMs: null,
      lockedMs: { inventory: null, payment: null, order: null },
      flushedCommits: 0,
    });
  });

  test('events and spans of another order are not measured', () => {
    const other = { ...event('order', 95, 'order-ended'), orderId: 'another' };
    expect(of(confirmed, { ...other, status: 'REJECTED' }).status).toBe('CONFIRMED');
    expect(of(span('payment', 'transaction', 1, 9, { traceId: OTHER })).flushedCommits).toBe(0);
  });
});

describe('locks', () => {
  test('a transaction holds locks from BEGIN to COMMIT, and the longest of several counts', () => {
    const transactions = [
      span('order', 'transaction', 10, 15),
      span('order', 'transaction', 70, 83),
    ];
    expect(of(...transactions).lockedMs).toEqual({ inventory: null, payment: null, order: 13 });
  });

  test('a prepared transaction holds locks until its branch is ended, long after its work', () => {
    const branch = [
      span('inventory', 'transaction', 10, 25),
      event('inventory', 1_025, 'branch-ended'),
    ];
    const { workedMs, lockedMs } = of(...branch);
    expect([workedMs.inventory, lockedMs.inventory]).toEqual([15, 1_015]);
  });

  test('a transaction that was rolled back is not measured', () => {
    const failed = span('payment', 'transaction', 10, 900, { failed: 'deadlock' });
    expect(of(failed, span('payment', 'transaction', 910, 920)).lockedMs.payment).toBe(10);
  });
});

describe('messages', () => {
  test('messages by Kafka are those that a relay sent', () => {
    const sent = [
      event('relay-order', 10, 'message-sent'),
      event('relay-payment', 30, 'message-sent'),
    ];
    expect(of(...sent)).toMatchObject({ kafkaMessages: 2, httpMessages: 0 });
  });

  test('a request by HTTP is two messages with a response and one without', () => {
    const attributes = { 'http.request.method': 'POST', 'url.full': 'http://127.0.0.1:1/' };
    const lost = request('prepare payment', 12, '/', { attributes });
    expect(of(request('prepare order', 10, '/'), lost).httpMessages).toBe(3);
  });

  test('the request of a participant in doubt is in another trace and is found by its path', () => {
    const traceId = OTHER;
    const own = request('request the decision', 50, `/transactions/${ORDER_ID}/votes`, { traceId });
    const another = request('request the decision', 50, '/transactions/another', { traceId });
    expect(of(own, another)).toMatchObject({ httpMessages: 2, inDoubtMessages: 2 });
  });

  test('SQL statements and requests of the client are not counted as messages', () => {
    const statement = span('payment', 'transaction', 10, 20, { spanKind: CLIENT_KIND });
    const customer = { ...request('POST /orders', 0, '/orders'), process: 'client' };
    expect(of(statement, customer).httpMessages).toBe(0);
  });
});

describe('flushed commits', () => {
  test('a prepared branch has two flushes, a decision one, an end record none', () => {
    const flushed = [
      span('payment', 'transaction', 10, 20),
      span('coordinator', 'log decided', 30, 35),
      span('payment', 'commit prepared', 40, 45),
      span('coordinator', 'log ended', 50, 55),
    ];
    expect(of(...flushed)).toMatchObject({ flushedCommits: 3, relayCommits: 0 });
  });

  test('a mark of a relay is a flushed commit', () => {
    const flushed = [
      span('order', 'transaction', 10, 20),
      span('relay-order', 'mark published', 30, 35),
    ];
    expect(of(...flushed)).toMatchObject({ flushedCommits: 2, relayCommits: 1 });
  });

  test('work that several orders share counts fully for each order that it links to', () => {
    const links = [{ traceId: TRACE, spanId: '1'.repeat(16) }];
    const shared = [
      span('payment', 'process batch payment.commands', 10, 30, { traceId: OTHER, links }),
      span('payment', 'transaction', 11, 29, { traceId: OTHER }),
    ];
    expect(of(...shared)).toMatchObject({ flushedCommits: 1, lockedMs: { payment: 18 } });
  });

  test('a transaction that was rolled back or never ended has no flush', () => {
    const failed = span('payment', 'transaction', 10, 20, { failed: 'lost' });
    const begun = { ...span('payment', 'transaction', 30, 40), kind: 'span-start' } as RecordLine;
    expect(of(failed, begun).flushedCommits).toBe(0);
  });
});
