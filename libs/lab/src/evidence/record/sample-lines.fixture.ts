import type { RecordLine } from '@indoubt/record';

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
