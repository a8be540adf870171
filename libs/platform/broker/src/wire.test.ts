import type { OutgoingMessage } from '@indoubt/contracts';
import type { IHeaders, KafkaMessage } from 'kafkajs';
import { expect, test } from 'vitest';
import { fromWire, toWire } from './wire.ts';

const message: OutgoingMessage = {
  id: 'saga-1:reserve-stock',
  topic: 'inventory.commands',
  key: 'order-1',
  type: 'reserve-stock',
  sagaId: 'saga-1',
  step: 'reserve-stock',
  body: { orderId: 'order-1' },
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

/** The message as the broker delivers it: key, value and headers are bytes. */
function delivered(changes: { headers?: IHeaders; value?: Buffer | null } = {}): KafkaMessage {
  const wire = toWire(message);
  const headers = Object.entries(wire.headers ?? {}).map(([name, value]) => [
    name,
    Buffer.from(String(value)),
  ]);
  const at = { timestamp: '0', attributes: 0, offset: '7' };
  const key = Buffer.from(String(wire.key));
  const value = Buffer.from(String(wire.value));
  return { ...at, key, value, headers: Object.fromEntries(headers), ...changes };
}

test('a delivered message is equal to the sent message, with partition and offset', () => {
  const back = fromWire('inventory.commands', 2, delivered());
  expect(back).toEqual({ ...message, partition: 2, offset: '7' });
});

test('a message without a traceparent header has the traceparent null', () => {
  const { traceparent: _, ...headers } = delivered().headers ?? {};
  expect(fromWire('inventory.commands', 0, delivered({ headers })).traceparent).toBeNull();
});

test.each([
  ['a header is missing', delivered({ headers: {} }), 'header "message-id" is missing'],
  ['the value is not JSON', delivered({ value: Buffer.from('{') }), 'not JSON'],
  ['the value is missing', delivered({ value: null }), 'not JSON'],
])('a message is malformed when %s', (_, bad, why) => {
  expect(() => fromWire('inventory.commands', 0, bad)).toThrow(why);
});
