import { ORDER_ID } from './record/sample-events.fixture.ts';
import { RUN_VERSION, type RunResult, type TimelineEntry } from './run-result.ts';

const TIMELINE: TimelineEntry[] = [
  {
    atMs: 0,
    process: 'client',
    event: 'client-request',
    orderId: null,
    text: 'POST /orders: bob wants 1 × tea',
  },
  {
    atMs: 44,
    process: 'order',
    event: 'order-ended',
    orderId: ORDER_ID,
    text: 'order A is REJECTED: payment-declined',
  },
];

/** The result of the run of `sampleLines`, as the lab returns it. */
export function sampleResult(): RunResult {
  return {
    version: RUN_VERSION,
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
        violations: [],
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
    timeline: TIMELINE,
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
