import type { EventName, RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { ORDER_ID as ORDER, SAGA_ID as SAGA } from '../evidence/record/sample-events.fixture.ts';
import { eventLine, readLine, type SampleEvent } from '../evidence/record/sample-lines.fixture.ts';
import type { Violation } from '../evidence/violation.ts';
import type { InvariantId } from './invariant-id.ts';
import { whyBroken } from './why-broken.ts';

const SECOND = '019a0b3e-7c21-7d2f-9a41-5f2e8c0d1b88';
const RESERVE = `${SAGA}:reserve-stock`;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const START = 1_700_000_000_000;

/** An event of the order, in the trace of that order. */
function line<N extends EventName>(process: string, atMs: number, event: SampleEvent<N>) {
  return { traceId: TRACE, ...eventLine(process, atMs, event) };
}

const reserved = { event: 'message-handled', step: 'reserve-stock', messageId: RESERVE } as const;

const captured = { ...reserved, step: 'capture-payment', messageId: `${SAGA}:capture-payment` };

/** One confirmed order without any problem. */
function storyWith(...more: RecordLine[]): RecordLine[] {
  const returnedAt = START + 6;
  return [
    eventLine('client', 0, { event: 'client-request' }),
    line('order', 4, { event: 'order-placed', customerId: 'ada' }),
    line('order', 5, { event: 'saga-advanced', because: 'start', send: ['reserve-stock'] }),
    line('client', 6, { event: 'client-response', orderId: ORDER, returnedAt }),
    line('relay-order', 9, { event: 'message-sent', step: 'reserve-stock', messageId: RESERVE }),
    line('inventory', 11, {
      event: 'message-received',
      messageId: RESERVE,
      topic: 't',
      partition: 0,
    }),
    line('inventory', 12, reserved),
    line('order', 31, { event: 'saga-advanced', because: 'capture-payment done', send: [] }),
    line('order', 31, { event: 'order-ended', status: 'CONFIRMED', reason: null }),
    ...more,
  ];
}

/** A violation without a text: the rules under test do not read the text. */
function found(
  kind: Violation['kind'],
  about: Violation['about'] = { orderId: ORDER },
  step?: string,
): Violation {
  return { kind, about, text: '', ...(step !== undefined && { step }) };
}

function because(id: InvariantId, violation: Violation, lines: RecordLine[]) {
  const found = whyBroken(id, violation, lines);
  return found === null ? null : [found.atMs, found.process, found.event];
}

const again = line('inventory', 20, reserved);
const killed = (process: string, atMs: number) =>
  eventLine(process, atMs, { event: 'process-killed' });
const stock = (at: number) =>
  readLine(at, { path: '/stock/tea', sku: 'tea', available: 5, returnedAt: START + at });
const sentAs = (step: string, atMs: number) =>
  line('relay-order', atMs, { event: 'message-sent', step, messageId: `${SAGA}:${step}` });

test('INV-6: the second handling with an effect is the cause, with its text and trace', () => {
  const twice = found('reserved-several-times', { orderId: ORDER }, 'reserve-stock');
  expect(whyBroken('INV-6', twice, storyWith(again))).toEqual({
    event: 'message-handled',
    atMs: 20,
    process: 'inventory',
    text: 'inventory acted on reserve-stock a second time',
    traceId: TRACE,
  });
});

test.each<[InvariantId, Violation, RecordLine[], unknown[]]>([
  [
    'INV-1',
    found('account-out-of-balance', { customerId: 'ada' }),
    [15, 20].map((at) => line('payment', at, captured)),
    [20, 'payment', 'message-handled'],
  ],
  [
    'INV-2',
    found('stock-out-of-balance', { sku: 'tea' }),
    [again],
    [20, 'inventory', 'message-handled'],
  ],
  ['INV-3', found('nothing-captured'), [], [31, 'order', 'order-ended']],
  ['INV-3', found('nothing-captured'), [again], [20, 'inventory', 'message-handled']],
  ['INV-4', found('rejected-but-captured'), [], [31, 'order', 'order-ended']],
  [
    'INV-4',
    found('rejected-but-captured'),
    [line('payment', 40, captured)],
    [40, 'payment', 'message-handled'],
  ],
  [
    'INV-3',
    found('nothing-captured'),
    [
      line('coordinator', 20, { event: 'decision-made', decision: 'commit' }),
      line('operator', 25, { event: 'heuristic-decision', decision: 'abort' }),
    ],
    [25, 'operator', 'heuristic-decision'],
  ],
  ['INV-5', found('accepted-but-missing'), [], [6, 'client', 'client-response']],
  ['INV-7', found('message-lost', { messageId: RESERVE }), [], [9, 'relay-order', 'message-sent']],
  [
    'INV-7',
    found('message-from-nowhere', { messageId: RESERVE }),
    [],
    [9, 'relay-order', 'message-sent'],
  ],
  [
    'INV-8',
    found('messages-out-of-order', { messageId: `${SAGA}:release-stock` }),
    [sentAs('release-stock', 7)],
    [7, 'relay-order', 'message-sent'],
  ],
  [
    'INV-8',
    found('messages-in-several-partitions'),
    [line('inventory', 15, { event: 'message-received', topic: 't', partition: 1 })],
    [15, 'inventory', 'message-received'],
  ],
  ['INV-9', found('order-pending'), [], [31, 'order', 'order-ended']],
  ['INV-9', found('saga-open', { sagaId: SAGA }), [stock(50)], [31, 'order', 'order-ended']],
  [
    'INV-10',
    found('undo-of-completed-saga', { orderId: ORDER }, 'release-stock'),
    [line('order', 33, { event: 'saga-advanced', because: 'start', send: ['release-stock'] })],
    [33, 'order', 'saga-advanced'],
  ],
  [
    'INV-11',
    found('branch-against-decision', { transactionId: ORDER }),
    [
      line('coordinator', 40, { event: 'decision-made', decision: 'commit' }),
      line('inventory', 41, { event: 'branch-ended', decision: 'commit' }),
      line('payment', 42, { event: 'branch-ended', decision: 'abort' }),
    ],
    [42, 'payment', 'branch-ended'],
  ],
  [
    'INV-12',
    found('answer-unexplained', { sku: 'tea', answeredAt: START + 50 }),
    [stock(50)],
    [50, 'client', 'client-response'],
  ],
  [
    'INV-14',
    found('key-with-several-orders', { key: 'k', orderId: ORDER, otherOrderId: SECOND }),
    [line('order', 45, { event: 'order-placed', orderId: SECOND })],
    [45, 'order', 'order-placed'],
  ],
  [
    'INV-14',
    found('key-unlike-answer', { key: 'k', orderId: ORDER, answeredAt: START + 6 }),
    [],
    [6, 'client', 'client-response'],
  ],
  [
    'INV-15',
    found('charged-several-times'),
    [20, 28].map((at) => line('payment', at, { event: 'charge-answered', status: 'CAPTURED' })),
    [28, 'payment', 'charge-answered'],
  ],
  [
    'INV-15',
    found('card-still-held'),
    [line('payment', 20, { event: 'hold-made', amountCents: 900 })],
    [20, 'payment', 'hold-made'],
  ],
  ['INV-15', found('charged-but-not-confirmed'), [], [31, 'order', 'order-ended']],
])('%s: the event that broke the invariant is found (%#)', (id, violation, more, event) => {
  expect(because(id, violation, storyWith(...more))).toEqual(event);
});

test('when no rule finds an event, the last fault of the order is the cause', () => {
  const other = { orderId: SAGA, name: 'order:placed-not-committed' };
  const story = storyWith(
    killed('payment', 20),
    killed('order', 100),
    line('order', 25, { event: 'failpoint-hit', ...other }),
  ).filter((each) => each.kind !== 'event' || each.event !== 'message-handled');
  const odd = found('payment-decided-several-times', { orderId: ORDER }, 'capture-payment');
  expect(because('INV-6', odd, story)).toEqual([20, 'payment', 'process-killed']);
  expect(whyBroken('INV-6', odd, story)?.traceId).toBe(TRACE);
});

test('when no rule and no fault is found, there is no cause', () => {
  const ofBob = found('account-out-of-balance', { customerId: 'bob' });
  expect(because('INV-1', ofBob, storyWith(again))).toBeNull();
  const unheardOf = { orderId: SAGA.replace('7c12', 'ffff') };
  expect(because('INV-6', found('reserved-several-times', unheardOf), storyWith())).toBeNull();
  const passedOver = found('message-passed-over', { messageId: RESERVE });
  expect(because('INV-13', passedOver, [])).toBeNull();
});
