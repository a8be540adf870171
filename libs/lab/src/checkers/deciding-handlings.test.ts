import type { EventLine, RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { ORDER_ID } from '../evidence/record/sample-events.fixture.ts';
import { eventLine } from '../evidence/record/sample-lines.fixture.ts';
import { violation } from '../evidence/violation.ts';
import { whyBroken } from './why-broken.ts';

const SAGA_ID = '019a0b3e-7c12-7aa0-8b10-0c9d8e7f6a55';
const MESSAGE_ID = `${SAGA_ID}:capture-payment`;
const TOPIC = 'payment.commands';
const step = { type: 'capture-payment', step: 'capture-payment', messageId: MESSAGE_ID };
const command = { orderId: ORDER_ID, sagaId: SAGA_ID, ...step };

const sent = (at: number, outboxId: number) =>
  eventLine('relay-order', at, { event: 'message-sent', ...command, topic: TOPIC, outboxId });
const received = (at: number, offset: number) =>
  eventLine('payment', at, {
    event: 'message-received',
    ...command,
    topic: TOPIC,
    partition: 2,
    offset: `${offset}`,
  });
const handled = (at: number, how: EventLine<'message-handled'>['how'] = 'repeat') =>
  eventLine('payment', at, { event: 'message-handled', ...command, how });
const hit = (at: number) =>
  eventLine('payment', at, {
    event: 'failpoint-hit',
    name: 'payment:received-not-handled',
    orderId: ORDER_ID,
  });
const killed = (at: number, name = 'payment') => eventLine(name, at, { event: 'process-killed' });

const PASSED_OVER = violation('message-passed-over', { messageId: MESSAGE_ID }, '');

function because(...lines: RecordLine[]) {
  const found = whyBroken('INV-13', PASSED_OVER, lines);
  return found && [found.event, found.process, found.text];
}

const death = 'payment died; capture-payment was not delivered to it again';
const died = ['failpoint-hit', 'payment', death];
const sendings = [sent(617, 3), sent(1_688, 4), sent(3_721, 5)];

test('of several copies of a command, the death that lost the first copy is the cause', () => {
  const first = [received(679, 0), hit(680), killed(711)];
  const again = [received(3_987, 1), received(3_992, 2), handled(4_112, 'act'), handled(4_113)];
  expect(because(...sendings, ...first, ...again)).toEqual(died);
});

test('without a reception in the record, the death after the sending is the cause', () => {
  const again = [received(3_987, 1), received(3_992, 2), handled(4_112, 'act'), handled(4_113)];
  expect(because(...sendings, hit(680), killed(711), ...again)).toEqual(died);
});

test('a death before another delivery is not the cause, but the next death is', () => {
  const first = [sent(617, 3), received(679, 0), killed(700)];
  const second = [received(1_200, 0), hit(1_201), killed(1_230), sent(1_688, 4)];
  const found = because(...first, ...second, received(1_900, 1), handled(1_910, 'act'));
  expect(found).toEqual(died);
});

test('a death after the handling is not the cause', () => {
  const first = [sent(617, 3), received(679, 0), handled(690, 'act'), killed(700)];
  const second = [sent(1_688, 4), received(1_900, 1), hit(1_901)];
  expect(because(...first, ...second)).toEqual(died);
});

test('when only another process died, the delivery without a handling is the cause', () => {
  const found = because(sent(617, 3), received(679, 0), killed(700, 'inventory'));
  expect(found?.slice(0, 2)).toEqual(['message-received', 'payment']);
});

test('when all copies were handled or are dead letters, there is no cause', () => {
  expect(because(sent(617, 3), received(679, 0), handled(690, 'act'))).toBeNull();
  const aside = { topic: TOPIC, partition: 2, offset: '0', reason: 'Error' };
  const deadLettered = eventLine('payment', 690, { event: 'dead-lettered', ...aside });
  expect(because(sent(617, 3), received(679, 0), deadLettered)).toBeNull();
  expect(because()).toBeNull();
});
