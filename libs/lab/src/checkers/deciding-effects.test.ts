import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { eventLine, ORDER_ID } from '../evidence/record/sample-lines.fixture.ts';
import type { InvariantId } from './invariant-id.ts';
import { violation } from './violation.ts';
import { whyBroken } from './why-broken.ts';

const SAGA_ID = '019a0b3e-7c12-7aa0-8b10-0c9d8e7f6a55';
const PAYMENT_ID = '019a0b3e-7c13-7b55-9a0e-3c5d7e9f1a22';
const STOCK_ID = '019a0b3e-7c14-7c66-8b1f-4d6e8f0a2b33';
const ids = { orderId: ORDER_ID, sagaId: SAGA_ID };

function message(event: string, process: string, atMs: number, step: string, more = {}) {
  const about = { type: step, step, messageId: `${SAGA_ID}:${step}`, tookMs: 2.6, reason: null };
  return eventLine(process, atMs, { event, ...ids, ...about, ...more });
}

function handled(process: string, atMs: number, step: string, how: string, outcome = 'done') {
  return message('message-handled', process, atMs, step, { how, outcome });
}

function advanced(atMs: number, because: string, status: string, send: string[]) {
  const fields = { because, status, send, local: [], asked: 1, reason: 'timed-out' };
  return eventLine('order', atMs, { event: 'saga-advanced', ...ids, ...fields });
}

function ended(atMs: number, status: string): RecordLine {
  return eventLine('order', atMs, { event: 'order-ended', ...ids, status, reason: null });
}

function hit(process: string, atMs: number, name: string, action: string): RecordLine {
  const fields = { name: `${process}:${name}`, action, hit: 1, orderId: ORDER_ID };
  return eventLine(process, atMs, { event: 'failpoint-hit', ...fields });
}

const BEGUN = [
  eventLine('client', 0, { event: 'client-request', method: 'POST', path: '/orders' }),
  eventLine('order', 32, { event: 'order-placed', ...ids, customerId: 'alice' }),
  advanced(33, 'start', 'running', ['reserve-stock']),
  handled('inventory', 101, 'reserve-stock', 'act'),
  advanced(146, 'reserve-stock done', 'running', ['capture-payment']),
];

function because(id: InvariantId, text: string, more: RecordLine[]) {
  const found = whyBroken(id, violation(text), [...BEGUN, ...more]);
  return found && [found.atMs, found.process, found.text];
}

const order = `order ${ORDER_ID}`;
const nothingCaptured = [
  message('message-received', 'payment', 165, 'capture-payment'),
  hit('payment', 196, 'claimed-not-acted', 'crash'),
  eventLine('lab', 206, { event: 'process-killed', name: 'payment', signal: 'SIGKILL' }),
  message('message-received', 'payment', 1_504, 'capture-payment'),
  handled('payment', 1_531, 'capture-payment', 'repeat'),
  ended(1_577, 'CONFIRMED'),
];
const notedOnly = 'payment died; capture-payment was noted as done, and not done';

test.each<[InvariantId, string]>([
  ['INV-6', `${order}: capture-payment done, but no CAPTURED row`],
  ['INV-3', `${order} is CONFIRMED but nothing is captured of its 4.50`],
])('%s: an inbox row outside the transaction: the death behind it', (id, text) => {
  expect(because(id, text, nothingCaptured)).toEqual([196, 'payment', notedOnly]);
});

test('INV-6: answered from a row that nothing died behind: the answer itself', () => {
  const alive = nothingCaptured.filter(({ at }) => at > 1_700_000_000_206);
  const text = `${order}: capture-payment done, but no CAPTURED row`;
  expect(because('INV-6', text, alive)?.slice(0, 2)).toEqual([1_531, 'payment']);
});

const notReleased = [
  handled('payment', 135, 'capture-payment', 'act', 'refused'),
  advanced(168, 'capture-payment refused', 'compensating', ['release-stock']),
  message('message-received', 'inventory', 179, 'release-stock'),
  hit('inventory', 183, 'claimed-not-acted', 'error'),
  handled('inventory', 185, 'release-stock', 'undo'),
  ended(202, 'REJECTED'),
];
const falseDone = [185, 'inventory', 'compensation release-stock done (2.6 ms)'];

test.each<[InvariantId, string]>([
  ['INV-6', `${order}: release-stock done, but reservation ${STOCK_ID} holds 1 × mug`],
  ['INV-4', `${order} is REJECTED but reservation ${STOCK_ID} still holds 1 × mug`],
])('%s: an undo whose error was swallowed: its false answer', (id, text) => {
  expect(because(id, text, notReleased)).toEqual(falseDone);
});

test('INV-4: what is reserved behind its undo: that reservation', () => {
  const [, turned] = notReleased;
  const late = BEGUN.filter(({ at }) => at !== 1_700_000_000_101);
  const text = `${order} is REJECTED but reservation ${STOCK_ID} still holds 1 × mug`;
  const lines = [
    ...late,
    turned as RecordLine,
    handled('inventory', 170, 'release-stock', 'nothing-to-undo'),
    handled('inventory', 190, 'reserve-stock', 'act'),
    ended(202, 'REJECTED'),
  ];
  expect(whyBroken('INV-4', violation(text), lines)?.atMs).toBe(190);
});

const turnedBack = [
  advanced(2_212, 'capture-payment expired', 'compensating', ['release-stock']),
  handled('inventory', 2_238, 'release-stock', 'undo'),
  ended(2_260, 'REJECTED'),
];
const took = `${order} is REJECTED but payment ${PAYMENT_ID} took 4.50`;

test('INV-4: undone past the pivot: the turn, or the capture that came behind it', () => {
  const captured = (at: number) => handled('payment', at, 'capture-payment', 'act');
  const turn = 'capture-payment gave no answer in time; compensation: asks for release-stock';
  const found = because('INV-4', took, [captured(189), ...turnedBack]);
  expect(found).toEqual([2_212, 'order', turn]);
  const late = [2_250, 'payment', 'capture-payment done (2.6 ms)'];
  expect(because('INV-4', took, [captured(2_250), ...turnedBack])).toEqual(late);
});

test('INV-4: of an order that was never placed, the effect that is named', () => {
  const text = `${order} is unknown but payment ${PAYMENT_ID} took 4.50`;
  const captured = handled('payment', 189, 'capture-payment', 'act');
  expect(because('INV-4', text, [captured])?.slice(0, 2)).toEqual([189, 'payment']);
});

test.each([
  [`payment ${PAYMENT_ID} (CAPTURED) of ${order} has no inbox row for capture-payment`, 189],
  [`reservation ${STOCK_ID} (HELD) of ${order} has no inbox row for reserve-stock`, 101],
  [`${order}: tea reserved 2 times`, 101],
  [`${order}: payment decided 2 times`, 195],
  [`inventory's inbox row of ${SAGA_ID}:reserve-stock is of a saga that nobody started`, 101],
])('INV-6: the handling of the step that is named, and no other (%#)', (text, atMs) => {
  const again = [189, 195].map((at) => handled('payment', at, 'capture-payment', 'act'));
  const more = text.includes('2 times') ? again : again.slice(0, 1);
  expect(because('INV-6', text, more)?.[0]).toBe(atMs);
});

test('INV-6: of 2PC, the commit of the owner’s branch; another’s explains nothing', () => {
  const branch = (process: string, at: number) =>
    eventLine(process, at, { event: 'branch-ended', orderId: ORDER_ID, decision: 'commit' });
  const text = `${order}: payment committed its branch, but no CAPTURED row`;
  const found = (lines: RecordLine[]) => whyBroken('INV-6', violation(text), lines);
  expect(found([branch('inventory', 5), branch('payment', 7)])?.process).toBe('payment');
  expect(found([branch('inventory', 5)])).toBeNull();
});
