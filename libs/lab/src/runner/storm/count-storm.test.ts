import type { EventLine, EventName } from '@indoubt/record';
import { expect, test } from 'vitest';
import type { ClientOperation } from '../../evidence/history/history-of.ts';
import { eventLine, type SampleEvent } from '../../evidence/record/sample-lines.fixture.ts';
import type { Acted } from './act-on-lab.ts';
import { countStorm, faultKinds } from './count-storm.ts';
import { judgeStorm } from './storm-result.ts';

function line<N extends EventName>(process: string, event: SampleEvent<N>): EventLine<N> {
  return eventLine(process, 1, event);
}

function acted(kind: Acted['kind'], what: string, notDone: string | null = null): Acted {
  return { atMs: 0, kind, what, notDone };
}

const LINES = [
  line('order', { event: 'process-started' }),
  line('payment', { event: 'process-started' }),
  line('payment', { event: 'process-started' }),
  line('order', { event: 'process-started' }),
  line('client', { event: 'client-request' }),
  line('client', { event: 'client-request' }),
  line('payment', { event: 'failpoint-hit', action: 'crash', name: 'payment:acted-not-committed' }),
  line('order', { event: 'fault-hit', action: 'cut', name: 'order->kafka' }),
  line('payment', { event: 'fault-hit', action: 'drop', name: 'payment.commands' }),
  line('payment', { event: 'message-fault-hit', action: 'drop' }),
  line('payment', { event: 'fault-hit', action: 'variant', name: 'no-inbox' }),
  line('payment', { event: 'process-paused' }),
  line('payment', { event: 'message-received', messageId: 'a' }),
  line('payment', { event: 'message-received', messageId: 'a' }),
  line('payment', { event: 'message-received', messageId: 'b' }),
];
const ACTED = [
  acted('kill', 'SIGKILL order'),
  acted('kill', 'SIGKILL order', 'order is not running'),
  acted('copy', 'start another copy of order'),
  acted('server', 'kill kafka, restart it after 5 ms'),
  acted('pause', 'SIGSTOP payment for 5 ms'),
];
const order = (status: string) => ({
  id: status,
  customerId: 'alice',
  status,
  reason: null,
  totalCents: 1,
  coordination: 'saga' as const,
});
const placed = (key: string, outcome: 'ok' | 'refused' | 'unknown', code: string | null = null) =>
  ({ kind: 'place-order', key, outcome, code }) as unknown as ClientOperation;
const AFTER = {
  orders: [order('CONFIRMED'), order('REJECTED')],
  history: [
    placed('a', 'unknown'),
    placed('a', 'ok'),
    placed('b', 'unknown'),
    placed('b', 'refused', 'idempotency-key-in-use'),
    placed('c', 'refused', 'unknown-sku'),
  ],
};

test('countStorm counts orders by rows, answers by history and faults by the record', () => {
  expect(countStorm({ lines: LINES, after: AFTER, acted: ACTED })).toEqual({
    orders: 3, // by key: a retry belongs to the same order
    confirmed: 1,
    rejected: 1,
    unknown: 1,
    faults: 6,
    restarts: 2, // payment and Kafka; the second order process is a copy
    redeliveries: 1,
  });
});

test('faultKinds lists every kind of fault except variants and steps that were not done', () => {
  expect(faultKinds({ lines: LINES, acted: ACTED }).map(({ kind }) => kind)).toEqual([
    'crash at a crash point',
    'cut on a link',
    'drop of a message',
    'Kafka killed',
    'SIGKILL',
    'SIGSTOP',
  ]);
});

const COUNTS = countStorm({ lines: LINES, after: AFTER, acted: ACTED });
const GOOD = { counts: COUNTS, restedAfterMs: 5, invariants: [], problem: null };
const BROKEN = { id: 'INV-1', title: '', holds: false, detail: '', violations: [], because: null };

test.each([
  ['holds', GOOD],
  ['broken', { ...GOOD, invariants: [BROKEN] }],
  ['broken', { ...GOOD, restedAfterMs: null }],
  ['broken', { ...GOOD, problem: 'payment did not come back' }],
  ['unknown', { ...GOOD, counts: { ...COUNTS, faults: 0 } }],
  ['unknown', { ...GOOD, counts: { ...COUNTS, confirmed: 0 } }],
])('the verdict of a storm is %s: case %#', (verdict, judged) => {
  expect(judgeStorm(judged)).toBe(verdict);
});
