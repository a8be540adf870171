import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { ORDER_ID } from '../evidence/record/sample-events.fixture.ts';
import { eventLine } from '../evidence/record/sample-lines.fixture.ts';
import { violation } from '../evidence/violation.ts';
import { whyBroken } from './why-broken.ts';

const SAGA_ID = '019a0b3e-7c12-7aa0-8b10-0c9d8e7f6a55';
const MESSAGE_ID = `${SAGA_ID}:reserve-stock`;
const ids = { orderId: ORDER_ID, sagaId: SAGA_ID };

function advanced(at: number): RecordLine {
  return eventLine('order', at, { event: 'saga-advanced', ...ids, send: ['reserve-stock'] });
}

function retried(at: number): RecordLine {
  return eventLine('order', at, { event: 'saga-command-retried', ...ids, send: ['reserve-stock'] });
}

function sent(at: number, outboxId: number, waitedMs: number, messageId = MESSAGE_ID) {
  const fields = { messageId, outboxId, waitedMs, tookMs: 0, topic: 't' };
  return eventLine('relay-order', at, { event: 'message-sent', ...fields });
}

const killed = (at: number, name = 'relay-order') =>
  eventLine(name, at, { event: 'process-killed' });

function because(...lines: RecordLine[]) {
  const lost = violation('message-lost', { messageId: MESSAGE_ID }, '');
  const found = whyBroken('INV-7', lost, lines);
  return found && [found.event, found.text];
}

const written = advanced(186);
const again = retried(1_060);
const neverSent = ['saga-advanced', 'order wrote reserve-stock; that row was never sent'];
const died = 'relay-order died; reserve-stock was written, but not yet published';
const bobs = sent(342, 3, 21, `${ORDER_ID}:reserve-stock`);

test('a range mark lost a row: the event that wrote this row is the cause, not its retry', () => {
  expect(because(written, bobs, again, sent(1_067, 4, 7))).toEqual(neverSent);
});

test('the age of a row identifies the row: here the retry was lost', () => {
  const late = sent(1_300, 1, 1_113);
  expect(because(written, again, late)?.[0]).toBe('saga-command-retried');
});

test('the time that the broker took does not change when a row was written', () => {
  // The first row was taken after 10 ms, and sent 904 ms later, after the retry was written.
  const slow = { ...sent(1_100, 4, 10), tookMs: 904 };
  expect(because(written, again, slow)?.[0]).toBe('saga-command-retried');
});

test('two sendings of the same row match one row', () => {
  const twice = [sent(1_067, 4, 7), sent(1_500, 4, 440)];
  expect(because(written, again, ...twice)).toEqual(neverSent);
});

test('a row was marked before it was published: the death of its relay is the cause', () => {
  const found = because(written, killed(200), again, sent(1_301, 2, 240));
  expect(found).toEqual(['process-killed', died]);
});

test('neither a relay that died after sending a later row nor another process is the cause', () => {
  expect(because(written, bobs, killed(400), again, sent(1_067, 4, 7))).toEqual(neverSent);
  expect(because(written, killed(200, 'order'), again, sent(1_067, 4, 7))).toEqual(neverSent);
});

test('every row was sent but the topic lacks one: the last sending is the cause', () => {
  expect(because(written, sent(200, 1, 13))?.[0]).toBe('message-sent');
});
