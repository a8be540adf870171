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
const died = 'relay-order died; reserve-stock was written, and not yet published';
const bobs = sent(342, 3, 21, `${ORDER_ID}:reserve-stock`);

test('marked by a range: the row that was written and never sent, not its repetition', () => {
  expect(because(written, bobs, again, sent(1_067, 4, 7))).toEqual(neverSent);
});

test('a row is known by its age: the repetition is the one that was lost', () => {
  const late = sent(1_300, 1, 1_113);
  expect(because(written, again, late)?.[0]).toBe('saga-command-retried');
});

test('a broker that took its time makes no row younger', () => {
  // The first one: taken after 10 ms, and sent 904 ms later, after the repetition was written.
  const slow = { ...sent(1_100, 4, 10), tookMs: 904 };
  expect(because(written, again, slow)?.[0]).toBe('saga-command-retried');
});

test('one row that was sent twice stands for one row', () => {
  const twice = [sent(1_067, 4, 7), sent(1_500, 4, 440)];
  expect(because(written, again, ...twice)).toEqual(neverSent);
});

test('marked before it was published: the death of the relay that held it', () => {
  const found = because(written, killed(200), again, sent(1_301, 2, 240));
  expect(found).toEqual(['process-killed', died]);
});

test('a relay that died after it had sent a later row, and another process, are not it', () => {
  expect(because(written, bobs, killed(400), again, sent(1_067, 4, 7))).toEqual(neverSent);
  expect(because(written, killed(200, 'order'), again, sent(1_067, 4, 7))).toEqual(neverSent);
});

test('every row was sent, and the topic lacks one: the last sending', () => {
  expect(because(written, sent(200, 1, 13))?.[0]).toBe('message-sent');
});
