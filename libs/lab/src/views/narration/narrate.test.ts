import { EVENT_NAMES } from '@indoubt/record';
import { expect, test } from 'vitest';
import { eventLine, ORDER_ID, sampleLines } from '../../evidence/record/sample-lines.fixture.ts';
import { narrate } from './narrate.ts';

type Fields = Record<string, unknown>;

function told(event: string, fields: Fields = {}, isAgain = false) {
  return narrate(eventLine('order', 0, { event, orderId: ORDER_ID, ...fields }), isAgain);
}

const saga = { send: [], local: [], reason: null, asked: 1 };
const declined = { because: 'capture-payment refused', reason: 'payment-declined' };
const reserve = { type: 'reserve-stock', step: 'reserve-stock', tookMs: 2.08 };
const sent = { topic: 'inventory.commands', waitedMs: 3 };
const lines = [{ sku: 'tea', quantity: 2 }];
const post = { method: 'POST', path: '/orders' };

test.each([
  ['client-request', { ...post, customerId: 'alice', lines }, 'POST /orders: alice wants 2 × tea'],
  ['client-response', { ...post, status: 202, replayed: true }, 'answered 202, as the first time'],
  [
    'client-response',
    { ...post, status: 409, orderId: undefined, code: 'idempotency-key-in-use', retryAfterS: '1' },
    'POST /orders answered 409: idempotency-key-in-use; Retry-After 1 s',
  ],
  [
    'client-response',
    { ...post, status: 422, orderId: undefined, code: 'unknown-sku', replayed: true },
    'POST /orders answered 422, as the first time: unknown-sku',
  ],
  ['client-response', { ...post, status: 202 }, `answered 202, accepted as ${ORDER_ID}`],
  ['client-response', { ...post, status: 200 }, `answered 200, decided: ${ORDER_ID}`],
  ['client-response', { ...post, status: 503 }, `answered 503, in doubt: ${ORDER_ID}`],
  ['client-response', { ...post, status: 503, orderId: undefined }, 'POST /orders answered 503'],
  [
    'client-response',
    { method: 'GET', path: '/orders/A', status: 503 },
    'GET /orders/A answered 503',
  ],
  ['client-response', { ...post, status: 422 }, 'POST /orders answered 422'],
  [
    'client-response',
    { ...post, status: null, orderId: undefined },
    'POST /orders: no answer; it may have happened',
  ],
  [
    'client-response',
    { method: 'GET', path: '/stock/tea', status: 200, available: 3 },
    'GET /stock/tea answered 200: 3 available',
  ],
  [
    'order-placed',
    { customerId: 'alice', totalCents: 900, lines },
    'order placed: PENDING, alice, 2 × tea, total 9.00',
  ],
  [
    'order-placed',
    { customerId: 'alice', totalCents: 900, lines, coordination: '2pc' },
    'order placed by two-phase commit: alice, 2 × tea, total 9.00',
  ],
  ['order-ended', { status: 'CONFIRMED', reason: null }, 'order CONFIRMED'],
  [
    'saga-advanced',
    { ...saga, because: 'start', status: 'running', send: ['reserve-stock'] },
    'saga started; asks for reserve-stock',
  ],
  [
    'saga-advanced',
    { ...saga, because: 'capture-payment done', status: 'completed', local: ['confirm-order'] },
    'capture-payment done; confirm-order done here; saga completed',
  ],
  [
    'saga-advanced',
    { ...saga, ...declined, status: 'compensating', send: ['release-stock'] },
    'capture-payment refused: payment-declined; compensation: asks for release-stock',
  ],
  [
    'saga-advanced',
    { ...saga, ...declined, because: 'release-stock done', status: 'compensated' },
    'release-stock done; compensation complete (payment-declined)',
  ],
  [
    'saga-advanced',
    {
      ...saga,
      because: 'reserve-stock refused',
      reason: 'insufficient-stock',
      status: 'compensated',
    },
    'reserve-stock refused: insufficient-stock; nothing to compensate; saga ended',
  ],
  [
    'saga-asked-again',
    {
      ...saga,
      because: 'reserve-stock expired',
      status: 'running',
      send: ['reserve-stock'],
      asked: 2,
    },
    'reserve-stock gave no answer in time: asks again for reserve-stock, time 2',
  ],
  [
    'answer-ignored',
    { step: 'reserve-stock', awaiting: 'capture-payment' },
    'an answer to reserve-stock comes again or late: ignored, it awaits capture-payment',
  ],
  [
    'message-sent',
    { ...sent, ...reserve },
    'sent reserve-stock to inventory.commands (waited 3 ms)',
  ],
  [
    'message-received',
    { ...sent, ...reserve, partition: 1, offset: '7' },
    'received reserve-stock from inventory.commands 1:7',
  ],
  ['message-handled', { ...reserve, how: 'act', outcome: 'done' }, 'reserve-stock done (2.1 ms)'],
  [
    'message-handled',
    { ...reserve, how: 'act', outcome: 'refused', reason: 'insufficient-stock' },
    'reserve-stock refused: insufficient-stock (2.1 ms)',
  ],
  [
    'message-handled',
    { ...reserve, how: 'repeat', outcome: 'done' },
    'reserve-stock again: same answer as before, no second effect (2.1 ms)',
  ],
  [
    'message-handled',
    { ...reserve, how: 'act', outcome: 'owed' },
    'reserve-stock begun: its answer comes later (2.1 ms)',
  ],
  [
    'message-handled',
    { ...reserve, how: 'wait', outcome: 'owed' },
    'reserve-stock again: under way, its answer is still owed (2.1 ms)',
  ],
  ['message-handled', { ...reserve, how: 'undo' }, 'compensation reserve-stock done (2.1 ms)'],
  [
    'message-handled',
    { ...reserve, how: 'nothing-to-undo' },
    'compensation reserve-stock: nothing to undo; its action, if late, is refused (2.1 ms)',
  ],
  [
    'message-retried',
    { attempt: 1, delayMs: 80, error: 'no connection' },
    'attempt 1 failed, again in 80 ms: no connection',
  ],
  [
    'dead-lettered',
    { topic: 'payment.commands.dead-letter', reason: 'malformed-message' },
    'dead letter: put aside on payment.commands.dead-letter: malformed-message',
  ],
  [
    'relay-retried',
    { delayMs: 1500, error: 'no broker' },
    'could not publish, again in 1.5 s: no broker',
  ],
  ['failpoint-hit', { name: 'relay:x', hit: 1 }, 'killed at relay:x (hit 1)'],
  ['process-killed', { signal: 'SIGKILL' }, 'killed: process 4711 is gone (SIGKILL)'],
  ['process-paused', {}, 'paused: process 4711 hangs, and does not know (SIGSTOP)'],
  ['process-resumed', {}, 'resumed: process 4711 goes on where it was (SIGCONT)'],
  ['process-exited', { code: 1, signal: null }, 'ended (exit code 1)'],
])('%s %j', (event, fields, text) => {
  expect(told(event, fields)?.text).toBe(text);
});

test.each([
  ['message-sent', { ...sent, ...reserve }, 'sent again: reserve-stock'],
  ['message-received', { ...sent, ...reserve }, 'delivered again: reserve-stock'],
  ['process-started', {}, 'started again'],
  ['service-ready', {}, 'ready again'],
])('%s a second time says so', (event, fields, text) => {
  expect(told(event, fields, true)?.text).toContain(text);
  expect(told(event, fields, true)?.isDetail ?? false).toBe(false);
});

test('what repairs a fault is marked, and says in a word what the mark says', () => {
  const words = { compensation: 'compensation', again: 'again', crash: 'killed' } as const;
  const marked = [
    told('saga-advanced', { ...saga, ...declined, status: 'compensating' }),
    told('message-handled', { ...reserve, how: 'repeat' }),
    told('answer-ignored', { step: 'reserve-stock', awaiting: null }),
    told('failpoint-hit', { name: 'relay:x', hit: 1 }),
  ];
  for (const each of marked) {
    expect(each?.text).toContain(words[each?.mark as keyof typeof words]);
  }
});

test.each(EVENT_NAMES)('%s without its fields still says something', (event) => {
  expect(narrate(eventLine('order', 0, { event }), false)?.text).not.toMatch(/^$|undefined/);
});

test('spans are the trace’s, not the story’s', () => {
  const [line] = sampleLines();
  const span = { ...line, kind: 'span-start' } as unknown as Parameters<typeof narrate>[0];
  expect(narrate(span, false)).toBeNull();
});

test.each(['order-teleported', 'toString'])('%s: of another version, and no sentence', (event) => {
  expect(told(event)).toBeNull();
});
