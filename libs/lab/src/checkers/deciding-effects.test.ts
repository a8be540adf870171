import type { EventLine, RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { ORDER_ID, SAGA_ID } from '../evidence/record/sample-events.fixture.ts';
import { eventLine } from '../evidence/record/sample-lines.fixture.ts';
import {
  type About,
  type Violation,
  type ViolationKind,
  violation,
} from '../evidence/violation.ts';
import type { InvariantId } from './invariant-id.ts';
import { whyBroken } from './why-broken.ts';

const ids = { orderId: ORDER_ID, sagaId: SAGA_ID };

type Handled = EventLine<'message-handled'>;
type Advanced = EventLine<'saga-advanced'>;
type Ended = EventLine<'order-ended'>;

function command(step: string) {
  return { ...ids, type: step, step, messageId: `${SAGA_ID}:${step}` };
}

function received(process: string, atMs: number, step: string): RecordLine {
  return eventLine(process, atMs, { event: 'message-received', ...command(step) });
}

function handled(
  process: string,
  atMs: number,
  step: string,
  how: Handled['how'],
  outcome: Handled['outcome'] = 'done',
): RecordLine {
  const did = { how, outcome, tookMs: 2.6 };
  return eventLine(process, atMs, { event: 'message-handled', ...command(step), ...did });
}

function advanced(atMs: number, because: string, status: Advanced['status'], send: string[]) {
  const fields = { because, status, send, reason: 'timed-out' };
  return eventLine('order', atMs, { event: 'saga-advanced', ...ids, ...fields });
}

function ended(atMs: number, status: Ended['status']): RecordLine {
  return eventLine('order', atMs, { event: 'order-ended', orderId: ORDER_ID, status });
}

function hit(process: string, atMs: number, name: string, action: string): RecordLine {
  const fields = { name: `${process}:${name}`, action, hit: 1, orderId: ORDER_ID };
  return eventLine(process, atMs, { event: 'failpoint-hit', ...fields });
}

const BEGUN = [
  eventLine('client', 0, { event: 'client-request' }),
  eventLine('order', 32, { event: 'order-placed', ...ids, customerId: 'alice' }),
  advanced(33, 'start', 'running', ['reserve-stock']),
  handled('inventory', 101, 'reserve-stock', 'act'),
  advanced(146, 'reserve-stock done', 'running', ['capture-payment']),
];

/** A violation without a text: the rules under test do not read the text. */
function found(kind: ViolationKind, step: string, about: About = { orderId: ORDER_ID }) {
  return violation(kind, about, '', step);
}

function because(id: InvariantId, violated: Violation, more: RecordLine[]) {
  const found = whyBroken(id, violated, [...BEGUN, ...more]);
  return found && [found.atMs, found.process, found.text];
}

const nothingCaptured = [
  received('payment', 165, 'capture-payment'),
  hit('payment', 196, 'claimed-not-acted', 'crash'),
  eventLine('payment', 206, { event: 'process-killed' }),
  received('payment', 1_504, 'capture-payment'),
  handled('payment', 1_531, 'capture-payment', 'repeat'),
  ended(1_577, 'CONFIRMED'),
];
const notedOnly = 'payment died; capture-payment was recorded as done, but not done';

test.each<[InvariantId, Violation]>([
  ['INV-6', found('answered-without-payment', 'capture-payment')],
  ['INV-3', found('nothing-captured', 'capture-payment')],
])('%s: the death after an inbox row outside of the transaction is the cause', (id, violated) => {
  expect(because(id, violated, nothingCaptured)).toEqual([196, 'payment', notedOnly]);
});

test('INV-6: if no process died after the inbox row was written, the answer is the cause', () => {
  const alive = nothingCaptured.filter(({ at }) => at > 1_700_000_000_206);
  const violated = found('answered-without-payment', 'capture-payment');
  expect(because('INV-6', violated, alive)?.slice(0, 2)).toEqual([1_531, 'payment']);
});

const notReleased = [
  handled('payment', 135, 'capture-payment', 'act', 'refused'),
  advanced(168, 'capture-payment refused', 'compensating', ['release-stock']),
  received('inventory', 179, 'release-stock'),
  hit('inventory', 183, 'claimed-not-acted', 'error'),
  handled('inventory', 185, 'release-stock', 'undo'),
  ended(202, 'REJECTED'),
];
const falseDone = [185, 'inventory', 'compensation release-stock done (2.6 ms)'];

test.each<[InvariantId, Violation]>([
  ['INV-6', found('released-but-held', 'release-stock')],
  ['INV-4', found('rejected-but-held', 'reserve-stock')],
])('%s: the false answer of an undo whose error was swallowed is the cause', (id, violated) => {
  expect(because(id, violated, notReleased)).toEqual(falseDone);
});

test('INV-4: a reservation after its undo is the cause', () => {
  const [, turned] = notReleased;
  const late = BEGUN.filter(({ at }) => at !== 1_700_000_000_101);
  const violated = found('rejected-but-held', 'reserve-stock');
  const lines = [
    ...late,
    turned as RecordLine,
    handled('inventory', 170, 'release-stock', 'nothing-to-undo'),
    handled('inventory', 190, 'reserve-stock', 'act'),
    ended(202, 'REJECTED'),
  ];
  expect(whyBroken('INV-4', violated, lines)?.atMs).toBe(190);
});

const turnedBack = [
  advanced(2_212, 'capture-payment expired', 'compensating', ['release-stock']),
  handled('inventory', 2_238, 'release-stock', 'undo'),
  ended(2_260, 'REJECTED'),
];
const took = found('rejected-but-captured', 'capture-payment');

test('INV-4: for an undo past the pivot, the later of compensation and capture is found', () => {
  const captured = (at: number) => handled('payment', at, 'capture-payment', 'act');
  const turn =
    'capture-payment gave no answer in time; compensation: sends the command release-stock';
  const found = because('INV-4', took, [captured(189), ...turnedBack]);
  expect(found).toEqual([2_212, 'order', turn]);
  const late = [2_250, 'payment', 'capture-payment done (2.6 ms)'];
  expect(because('INV-4', took, [captured(2_250), ...turnedBack])).toEqual(late);
});

test('INV-4: for an order that was never placed, the effect is the cause', () => {
  const violated = found('unknown-but-captured', 'capture-payment');
  const captured = handled('payment', 189, 'capture-payment', 'act');
  expect(because('INV-4', violated, [captured])?.slice(0, 2)).toEqual([189, 'payment']);
});

const again = [189, 195].map((at) => handled('payment', at, 'capture-payment', 'act'));
test.each([
  [found('effect-without-inbox-row', 'capture-payment'), again.slice(0, 1), 189],
  [found('effect-without-inbox-row', 'reserve-stock'), again.slice(0, 1), 101],
  [found('reserved-several-times', 'reserve-stock'), again, 101],
  [found('payment-decided-several-times', 'capture-payment'), again, 195],
  [found('inbox-row-of-unknown-saga', 'reserve-stock', { sagaId: SAGA_ID }), [], 101],
])(
  'INV-6: only a handling of the step in the violation is the cause (%#)',
  (violated, more, atMs) => {
    expect(because('INV-6', violated, more)?.[0]).toBe(atMs);
  },
);

test('INV-6: in 2PC only the commit of the branch of the step’s owner is the cause', () => {
  const branch = (process: string, at: number) =>
    eventLine(process, at, { event: 'branch-ended', orderId: ORDER_ID, decision: 'commit' });
  const violated = found('branch-without-payment', 'capture-payment');
  const why = (lines: RecordLine[]) => whyBroken('INV-6', violated, lines);
  expect(why([branch('inventory', 5), branch('payment', 7)])?.process).toBe('payment');
  expect(why([branch('inventory', 5)])).toBeNull();
});
