import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import type { InvariantId } from './invariant-id.ts';
import { type About, violation } from './violation.ts';
import { whyBroken } from './why-broken.ts';

const ORDER = '019a0b3e-7c11-7d2f-9a41-5f2e8c0d1b77';
const SECOND = '019a0b3e-7c21-7d2f-9a41-5f2e8c0d1b88';
const SAGA = '019a0b3e-7c12-7aa0-8b10-0c9d8e7f6a55';
const RESERVE = `${SAGA}:reserve-stock`;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const START = 1_700_000_000_000;

type Fields = Record<string, unknown>;

function line(process: string, atMs: number, event: string, fields: Fields = {}): RecordLine {
  const about = { orderId: ORDER, sagaId: SAGA, traceId: TRACE };
  const base = { kind: 'event', process, pid: 1, at: START + atMs, event };
  return { ...base, ...about, ...fields } as unknown as RecordLine;
}

/** What is in no order's story. */
const NOBODYS = { orderId: undefined, sagaId: undefined, traceId: undefined };
const reserved = { step: 'reserve-stock', messageId: RESERVE, how: 'act', outcome: 'done' };

const captured = { ...reserved, step: 'capture-payment', messageId: `${SAGA}:capture-payment` };

/** One order that was confirmed, with everything as it should be. */
function storyWith(...more: RecordLine[]): RecordLine[] {
  const lines = [{ sku: 'tea', quantity: 1 }];
  const asked = { method: 'POST', path: '/orders', orderId: undefined };
  const told = { method: 'POST', path: '/orders', outcome: 'ok', status: 202 };
  return [
    line('client', 0, 'client-request', asked),
    line('order', 4, 'order-placed', { customerId: 'ada', lines }),
    line('order', 5, 'saga-advanced', { because: 'start', send: ['reserve-stock'] }),
    line('client', 6, 'client-response', { ...told, returnedAt: START + 6 }),
    line('relay-order', 9, 'message-sent', { step: 'reserve-stock', messageId: RESERVE }),
    line('inventory', 11, 'message-received', { messageId: RESERVE, topic: 't', partition: 0 }),
    line('inventory', 12, 'message-handled', reserved),
    line('order', 31, 'saga-advanced', { because: 'capture-payment done', send: [] }),
    line('order', 31, 'order-ended', { status: 'CONFIRMED', reason: null }),
    ...more,
  ];
}

function because(id: InvariantId, text: string, lines: RecordLine[], about?: About) {
  const found = whyBroken(id, violation(text, about), lines);
  return found === null ? null : [found.atMs, found.process, found.event];
}

const again = line('inventory', 20, 'message-handled', reserved);
const killed = (process: string, atMs: number) =>
  line('lab', atMs, 'process-killed', { ...NOBODYS, name: process, signal: 'SIGKILL' });
const stock = (at: number) =>
  line('client', at, 'client-response', {
    ...NOBODYS,
    method: 'GET',
    path: '/stock/tea',
    outcome: 'ok',
    sku: 'tea',
    available: 5,
    returnedAt: START + at,
  });
const sentAs = (step: string, atMs: number) =>
  line('relay-order', atMs, 'message-sent', { step, messageId: `${SAGA}:${step}` });

test('INV-6: the second handling that acted, in its words, with its trace', () => {
  const text = `order ${ORDER}: tea reserved 2 times`;
  expect(whyBroken('INV-6', violation(text), storyWith(again))).toEqual({
    event: 'message-handled',
    atMs: 20,
    process: 'inventory',
    text: 'inventory acted on reserve-stock a second time',
    traceId: TRACE,
  });
});

test.each<[InvariantId, string, RecordLine[], unknown[], About?]>([
  [
    'INV-1',
    'account ada: 200.00 opening',
    [15, 20].map((at) => line('payment', at, 'message-handled', captured)),
    [20, 'payment', 'message-handled'],
    { customerId: 'ada' },
  ],
  ['INV-2', 'stock of tea', [again], [20, 'inventory', 'message-handled'], { sku: 'tea' }],
  ['INV-3', `order ${ORDER} is CONFIRMED but`, [], [31, 'order', 'order-ended']],
  ['INV-3', `order ${ORDER} is CONFIRMED but`, [again], [20, 'inventory', 'message-handled']],
  ['INV-4', `order ${ORDER} is REJECTED but`, [], [31, 'order', 'order-ended']],
  [
    'INV-4',
    `order ${ORDER} is REJECTED but`,
    [line('payment', 40, 'message-handled', captured)],
    [40, 'payment', 'message-handled'],
  ],
  [
    'INV-3',
    `order ${ORDER} is CONFIRMED but`,
    [
      line('coordinator', 20, 'decision-made', { decision: 'commit' }),
      line('operator', 25, 'heuristic-decision', { decision: 'abort' }),
    ],
    [25, 'operator', 'heuristic-decision'],
  ],
  ['INV-5', `order ${ORDER} was accepted`, [], [6, 'client', 'client-response']],
  ['INV-7', `lost: order published ${RESERVE}`, [], [9, 'relay-order', 'message-sent']],
  ['INV-7', `from nowhere: ${RESERVE} at`, [], [9, 'relay-order', 'message-sent']],
  [
    'INV-8',
    `t: ${SAGA}:release-stock came before ${RESERVE}`,
    [sentAs('release-stock', 7)],
    [7, 'relay-order', 'message-sent'],
  ],
  [
    'INV-8',
    `t has messages of order ${ORDER} in partitions 0 and 1`,
    [line('inventory', 15, 'message-received', { topic: 't', partition: 1 })],
    [15, 'inventory', 'message-received'],
  ],
  ['INV-9', `order ${ORDER} is still PENDING`, [], [31, 'order', 'order-ended']],
  ['INV-9', `saga ${SAGA} awaits`, [stock(50)], [31, 'order', 'order-ended']],
  [
    'INV-10',
    `order ${ORDER}: release-stock was sent, but`,
    [line('order', 33, 'saga-advanced', { because: '', send: ['release-stock'] })],
    [33, 'order', 'saga-advanced'],
  ],
  [
    'INV-11',
    `transaction ${ORDER} was decided commit, but`,
    [
      line('coordinator', 40, 'decision-made', { decision: 'commit' }),
      line('inventory', 41, 'branch-ended', { decision: 'commit' }),
      line('payment', 42, 'branch-ended', { decision: 'abort' }),
    ],
    [42, 'payment', 'branch-ended'],
  ],
  [
    'INV-12',
    'stock of tea was read as 5',
    [stock(50)],
    [50, 'client', 'client-response'],
    { sku: 'tea', answeredAt: START + 50 },
  ],
  [
    'INV-14',
    `key k has two orders: ${ORDER} and ${SECOND}`,
    [line('order', 45, 'order-placed', { orderId: SECOND })],
    [45, 'order', 'order-placed'],
  ],
  [
    'INV-14',
    `key k keeps 202 of ${ORDER}, but a client was told 200 of ${ORDER}`,
    [],
    [6, 'client', 'client-response'],
    { answeredAt: START + 6 },
  ],
  [
    'INV-15',
    `order ${ORDER}: its card was charged 2 times`,
    [20, 28].map((at) => line('payment', at, 'charge-answered', { status: 'CAPTURED' })),
    [28, 'payment', 'charge-answered'],
  ],
  [
    'INV-15',
    `order ${ORDER}: the card processor still holds 9.00`,
    [line('payment', 20, 'hold-made', { amountCents: 900 })],
    [20, 'payment', 'hold-made'],
  ],
  ['INV-15', `order ${ORDER} is REJECTED but its card`, [], [31, 'order', 'order-ended']],
])('%s: %s', (id, text, more, found, about) => {
  expect(because(id, text, storyWith(...more), about)).toEqual(found);
});

test('no rule fits: the last fault before the end of that order’s story', () => {
  const other = { orderId: SAGA, name: 'order:placed-not-committed' };
  const story = storyWith(
    killed('payment', 20),
    killed('order', 100),
    line('order', 25, 'failpoint-hit', other),
  ).filter((each) => each.kind !== 'event' || each.event !== 'message-handled');
  const text = `order ${ORDER} is odd`;
  expect(because('INV-6', text, story)).toEqual([20, 'payment', 'process-killed']);
  expect(whyBroken('INV-6', violation(text), story)?.traceId).toBe(TRACE);
});

test('nothing fits: nothing is made up', () => {
  expect(because('INV-1', 'account bob', storyWith(again), { customerId: 'bob' })).toBeNull();
  expect(because('INV-6', `order ${SAGA.replace('7c12', 'ffff')}`, storyWith())).toBeNull();
  expect(because('INV-13', `passed over: ${RESERVE}`, [])).toBeNull();
});
