import type { RecordLine } from '@indoubt/record';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { eventLine } from '../../evidence/record/sample-lines.fixture.ts';
import { inTime, spanLines } from '../sequence/sample-span.fixture.ts';

const ofOrder = { 'order.id': ORDER_ID };
const message = { ...ofOrder, 'messaging.message.id': 'm1' };

/**
 * The spans of one order, for tests: the order goes through an outbox and Kafka to a service that
 * dies before it acknowledges and gets the message again. Two orders share the mark.
 */
export function sampleTraceLines(): RecordLine[] {
  return inTime([...requestLines(), ...relayLines(), ...inventoryLines()]);
}

function requestLines(): RecordLine[] {
  const root = { process: 'client', pid: 2, startMs: 0, endMs: 30, spanId: 'root' };
  const order = { process: 'order', pid: 3, startMs: 5, endMs: 20 };
  return [
    eventLine('client', 0, { event: 'client-request' }),
    eventLine('order', 20, { event: 'order-placed', orderId: ORDER_ID, traceId: 'trace-a' }),
    ...spanLines('POST /orders', root),
    ...spanLines('transaction', { ...order, spanId: 'tx', parentSpanId: 'root' }),
  ];
}

function relayLines(): RecordLine[] {
  const relay = { process: 'relay-order', pid: 1, attributes: message };
  const wait = { ...relay, startMs: 18, endMs: 60, spanId: 'wait', parentSpanId: 'tx' };
  const send = { ...relay, startMs: 61, endMs: 70, spanId: 'send', parentSpanId: 'wait' };
  const mark = { process: 'relay-order', pid: 1, startMs: 71, endMs: 75, traceId: 'trace-shared' };
  const links = [
    { traceId: 'trace-a', spanId: 'wait' },
    { traceId: 'trace-b', spanId: 'other' },
  ];
  return [
    ...spanLines('outbox wait reserve-stock', wait),
    ...spanLines('send inventory.commands', { ...send, spanKind: 3 }),
    ...spanLines('mark published', { ...mark, links }),
  ];
}

function inventoryLines(): RecordLine[] {
  const life = { process: 'inventory', attributes: message, parentSpanId: 'send', spanKind: 4 };
  const again = { ...life, pid: 4712, startMs: 300, endMs: 310 };
  const failed = 'Failure: reserve-stock: no connection (ECONNREFUSED)';
  return [
    ...spanLines('process inventory.commands', { ...life, startMs: 80, endMs: 90 }),
    ...spanLines('acknowledge inventory.commands', { ...life, spanKind: 0, startMs: 91 }),
    eventLine('inventory', 95, { event: 'process-killed' }),
    ...spanLines('process inventory.commands', { ...again, failed }),
  ];
}
