import { EVENT_NAMES } from '@indoubt/record';
import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import {
  eventLine,
  type SampleEvent,
  sampleLine,
  sampleLines,
} from '../../evidence/record/sample-lines.fixture.ts';
import { narrate } from './narrate.ts';

function narrated(event: SampleEvent, isAgain = false) {
  return narrate(eventLine('order', 0, event), isAgain);
}

const saga = { send: [], local: [], reason: null, attempts: 1 };
const declined = { because: 'capture-payment refused', reason: 'payment-declined' };
const reserve = { type: 'reserve-stock', step: 'reserve-stock', tookMs: 2.08 };
const sent = { topic: 'inventory.commands', waitedMs: 3 };
const lines = [{ sku: 'tea', quantity: 2 }];
const orderId = ORDER_ID;

test.each<[SampleEvent, string]>([
  [{ event: 'client-request', customerId: 'alice', lines }, 'POST /orders: alice wants 2 × tea'],
  [
    { event: 'client-response', orderId, status: 202, replayed: true },
    'answered 202 (the first answer again)',
  ],
  [
    { event: 'client-response', status: 409, code: 'idempotency-key-in-use', retryAfterS: '1' },
    'POST /orders answered 409: idempotency-key-in-use; Retry-After 1 s',
  ],
  [
    { event: 'client-response', status: 422, code: 'unknown-sku', replayed: true },
    'POST /orders answered 422 (the first answer again): unknown-sku',
  ],
  [{ event: 'client-response', orderId, status: 202 }, `answered 202, accepted as ${ORDER_ID}`],
  [{ event: 'client-response', orderId, status: 200 }, `answered 200, decided: ${ORDER_ID}`],
  [{ event: 'client-response', orderId, status: 503 }, `answered 503, in doubt: ${ORDER_ID}`],
  [{ event: 'client-response', status: 503 }, 'POST /orders answered 503'],
  [
    { event: 'client-response', method: 'GET', path: '/orders/A', status: 503 },
    'GET /orders/A answered 503',
  ],
  [{ event: 'client-response', status: 422 }, 'POST /orders answered 422'],
  [
    { event: 'client-response', status: null },
    'POST /orders: no answer; the request may have taken effect',
  ],
  [
    { event: 'client-response', method: 'GET', path: '/stock/tea', status: 200, available: 3 },
    'GET /stock/tea answered 200: 3 available',
  ],
  [
    { event: 'order-placed', customerId: 'alice', totalCents: 900, lines },
    'order placed: PENDING, alice, 2 × tea, total 9.00',
  ],
  [
    { event: 'order-placed', customerId: 'alice', totalCents: 900, lines, coordination: '2pc' },
    'order placed by two-phase commit: alice, 2 × tea, total 9.00',
  ],
  [{ event: 'order-ended', status: 'CONFIRMED', reason: null }, 'order CONFIRMED'],
  [
    {
      event: 'saga-advanced',
      ...saga,
      because: 'start',
      status: 'running',
      send: ['reserve-stock'],
    },
    'saga started; sends the command reserve-stock',
  ],
  [
    {
      event: 'saga-advanced',
      ...saga,
      because: 'capture-payment done',
      status: 'completed',
      local: ['confirm-order'],
    },
    'capture-payment done; confirm-order done locally; saga completed',
  ],
  [
    {
      event: 'saga-advanced',
      ...saga,
      ...declined,
      status: 'compensating',
      send: ['release-stock'],
    },
    'capture-payment refused: payment-declined; compensation: sends the command release-stock',
  ],
  [
    {
      event: 'saga-advanced',
      ...saga,
      ...declined,
      because: 'release-stock done',
      status: 'compensated',
    },
    'release-stock done; compensation complete (payment-declined)',
  ],
  [
    {
      event: 'saga-advanced',
      ...saga,
      because: 'reserve-stock refused',
      reason: 'insufficient-stock',
      status: 'compensated',
    },
    'reserve-stock refused: insufficient-stock; nothing to compensate; saga ended',
  ],
  [
    {
      event: 'saga-command-retried',
      ...saga,
      because: 'reserve-stock expired',
      status: 'running',
      send: ['reserve-stock'],
      attempts: 2,
    },
    'reserve-stock gave no answer in time: sends the command reserve-stock again, attempt 2',
  ],
  [
    { event: 'answer-ignored', step: 'reserve-stock', awaiting: 'capture-payment' },
    'ignores an answer to reserve-stock that came again or late: the saga awaits capture-payment',
  ],
  [
    { event: 'message-sent', ...sent, ...reserve },
    'sent reserve-stock to inventory.commands (waited 3 ms)',
  ],
  [
    { event: 'message-received', ...sent, ...reserve, partition: 1, offset: '7' },
    'received reserve-stock from inventory.commands 1:7',
  ],
  [
    { event: 'message-handled', ...reserve, how: 'act', outcome: 'done' },
    'reserve-stock done (2.1 ms)',
  ],
  [
    {
      event: 'message-handled',
      ...reserve,
      how: 'act',
      outcome: 'refused',
      reason: 'insufficient-stock',
    },
    'reserve-stock refused: insufficient-stock (2.1 ms)',
  ],
  [
    { event: 'message-handled', ...reserve, how: 'repeat', outcome: 'done' },
    'reserve-stock again: same answer as before, no second effect (2.1 ms)',
  ],
  [
    { event: 'message-handled', ...reserve, how: 'act', outcome: 'owed' },
    'reserve-stock started: the answer will follow (2.1 ms)',
  ],
  [
    { event: 'message-handled', ...reserve, how: 'wait', outcome: 'owed' },
    'reserve-stock again: still in progress, the answer will follow (2.1 ms)',
  ],
  [
    { event: 'message-handled', ...reserve, how: 'undo' },
    'compensation reserve-stock done (2.1 ms)',
  ],
  [
    { event: 'message-handled', ...reserve, how: 'nothing-to-undo' },
    'compensation reserve-stock: nothing to undo; a late action will be refused (2.1 ms)',
  ],
  [
    { event: 'message-retried', attempt: 1, delayMs: 80, error: 'no connection' },
    'attempt 1 failed, retries in 80 ms: no connection',
  ],
  [
    { event: 'dead-lettered', topic: 'payment.commands', reason: 'malformed-message' },
    'dead letter from payment.commands: malformed-message',
  ],
  [
    { event: 'relay-retried', delayMs: 1500, error: 'no broker' },
    'could not publish, retries in 1.5 s: no broker',
  ],
  [{ event: 'failpoint-hit', name: 'relay:x', hit: 1 }, 'killed at relay:x (hit 1)'],
  [{ event: 'process-killed', signal: 'SIGKILL' }, 'killed: process 4711 is gone (SIGKILL)'],
  [{ event: 'process-paused' }, 'paused: process 4711 hangs (SIGSTOP)'],
  [{ event: 'process-resumed' }, 'resumed: process 4711 continues (SIGCONT)'],
  [{ event: 'process-exited', code: 1, signal: null }, 'ended (exit code 1)'],
])('the narration of %j is: %s', (event, text) => {
  expect(narrated(event)?.text).toBe(text);
});

test.each<[SampleEvent, string]>([
  [{ event: 'message-sent', ...sent, ...reserve }, 'sent again: reserve-stock'],
  [{ event: 'message-received', ...sent, ...reserve }, 'delivered again: reserve-stock'],
  [{ event: 'process-started' }, 'started again'],
  [{ event: 'service-ready' }, 'ready again'],
])('the narration of a second %j contains: %s', (event, text) => {
  expect(narrated(event, true)?.text).toContain(text);
  expect(narrated(event, true)?.isDetail ?? false).toBe(false);
});

test('the narration of a repair has a mark and contains the word for that mark', () => {
  const words = { compensation: 'compensation', again: 'again', crash: 'killed' } as const;
  const marked = [
    narrated({ event: 'saga-advanced', ...saga, ...declined, status: 'compensating' }),
    narrated({ event: 'message-handled', ...reserve, how: 'repeat' }),
    narrated({ event: 'answer-ignored', step: 'reserve-stock', awaiting: null }),
    narrated({ event: 'failpoint-hit', name: 'relay:x', hit: 1 }),
  ];
  for (const each of marked) {
    expect(each?.text).toContain(words[each?.mark as keyof typeof words]);
  }
});

test.each(EVENT_NAMES)('the event %s has a sentence without a missing field', (event) => {
  expect(narrate(sampleLine('order', 0, event), false)?.text).not.toMatch(/^$|undefined|null/);
});

test('a span has no sentence', () => {
  const [line] = sampleLines();
  const span = { ...line, kind: 'span-start' } as unknown as Parameters<typeof narrate>[0];
  expect(narrate(span, false)).toBeNull();
});
