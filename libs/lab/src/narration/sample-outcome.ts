import type { RecordLine } from '@indoubt/record';
import { healthySnapshot } from '../checkers/healthy-snapshot.ts';
import type { RunResult } from '../run-result.ts';
import type { Snapshot } from '../snapshot.ts';
import { timelineOf } from './narrator.ts';

/** A UUID like the lab's: version 7, so that the ids of one run begin alike. */
export const ORDER_ID = '019a0b3e-7c11-7d2f-9a41-5f2e8c0d1b77';
const SAGA_ID = '019a0b3e-7c12-7aa0-8b10-0c9d8e7f6a55';

type Fields = Record<string, unknown> & { event: string };

/** An event of the record, for tests of the narration: a line as a process would write it. */
export function eventLine(process: string, atMs: number, fields: Fields): RecordLine {
  const line = { kind: 'event', process, pid: 4711, at: 1_700_000_000_000 + atMs, ...fields };
  return line as unknown as RecordLine;
}

/** The record of one order whose card is declined. */
export function sampleLines(): RecordLine[] {
  const ids = { orderId: ORDER_ID, sagaId: SAGA_ID };
  const request = { method: 'POST', path: '/orders', customerId: 'bob' };
  const lines = [{ sku: 'tea', quantity: 1 }];
  const saga = { event: 'saga-advanced', ...ids, asked: 1, local: [], reason: null };
  const sent = { event: 'message-sent', ...ids, waitedMs: 3, topic: 'inventory.commands' };
  const handled = { event: 'message-handled', ...ids, tookMs: 2.08, outcome: 'done', reason: null };
  const reserve = { type: 'reserve-stock', step: 'reserve-stock', messageId: 'a' };
  const release = { type: 'release-stock', step: 'release-stock', messageId: 'b' };
  const started = { because: 'start', status: 'running', send: ['reserve-stock'] };
  const reason = 'payment-declined';
  const back = { because: 'capture-payment refused', status: 'compensating', reason };
  const placed = { event: 'order-placed', ...ids, customerId: 'bob', totalCents: 1250, lines };
  return [
    eventLine('client', 0, { event: 'client-request', ...request, lines }),
    eventLine('order', 4, placed),
    eventLine('order', 4, { ...saga, ...started }),
    eventLine('client', 6, { event: 'client-response', ...ids, ...request, status: 202 }),
    eventLine('relay-order', 9, { ...sent, ...reserve }),
    eventLine('inventory', 12, { ...handled, ...reserve, how: 'act' }),
    eventLine('order', 31, { ...saga, ...back, send: ['release-stock'] }),
    eventLine('inventory', 38, { ...handled, ...release, how: 'undo' }),
    eventLine('order', 44, { event: 'order-ended', ...ids, status: 'REJECTED', reason }),
  ];
}

/** The result of that run, as the lab returns it. */
export function sampleResult(): RunResult {
  return {
    scenario: 'saga-compensation',
    coordination: 'saga',
    seed: 7,
    verdict: 'holds',
    durationMs: 1_240,
    invariants: [
      {
        id: 'INV-1',
        title: 'Money is conserved',
        holds: true,
        detail: '2 accounts, 1 payment',
        because: null,
      },
    ],
    expectations: [{ title: 'The stock is released', holds: true, detail: 'held: 0 of tea' }],
    comparison: {
      title: 'one order, two ways',
      columns: ['saga', '2pc'],
      rows: [{ what: 'final state after', values: ['44 ms', '31 ms'] }],
      notes: ['From the request until the order had ended.'],
    },
    orders: [{ id: ORDER_ID, status: 'REJECTED', reason: 'payment-declined' }],
    timeline: timelineOf(sampleLines()),
    traceIds: ['4bf92f3577b34da6a3ce929d0e0e4736'],
    traceUrls: [],
    tracesProblem: 'no Jaeger answers',
    runDir: '.lab/runs/2026-11-21-saga-compensation-7',
    report: '.lab/runs/2026-11-21-saga-compensation-7/report.html',
    again: './scenario run saga-compensation --seed 7',
    faults: ['payment=decline@1'],
    endpoints: {
      services: [{ name: 'order', url: 'http://127.0.0.1:41001', pid: 4712 }],
      databases: { order: 'postgres://lab:secret@127.0.0.1:41010/lab_1_order' },
      brokers: ['127.0.0.1:41020'],
      topicPrefix: 'lab-1.',
      jaegerUrl: null,
      secret: 'b2b7',
    },
    problem: null,
  };
}

/** Rows before and after a run. */
export function sampleRows(): { before: Snapshot; after: Snapshot } {
  const after = healthySnapshot();
  const before: Snapshot = {
    ...healthySnapshot(),
    orders: [],
    orderLines: [],
    payments: [],
    transactions: [],
    accounts: after.accounts.map((row) => ({ ...row, balanceCents: row.openingCents })),
    stock: after.stock.map((row) => ({ ...row, available: row.opening, held: 0 })),
  };
  return { before, after };
}
