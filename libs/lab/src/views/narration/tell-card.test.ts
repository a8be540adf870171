import { expect, test } from 'vitest';
import { eventLine, ORDER_ID } from '../../evidence/record/sample-lines.fixture.ts';
import { narrate } from './narrate.ts';

const unanswered = { reason: 'participant-timeout', delayMs: 90 };

test.each([
  [
    'charge-requested',
    { amountCents: 900 },
    'to be paid by card: 9.00, asked for once this is done',
    'plain',
  ],
  [
    'charge-answered',
    { status: 'CAPTURED', attempts: 1 },
    'the charge of the card is CAPTURED',
    'good',
  ],
  [
    'charge-answered',
    { status: 'DECLINED', attempts: 3 },
    'the charge of the card is DECLINED, at attempt 3',
    'refused',
  ],
  [
    'charge-unanswered',
    { ...unanswered, mayBeCharged: true },
    'no answer to the charge (participant-timeout), the card may be charged: ' +
      'asked again in 90 ms, with the same key',
    'in-doubt',
  ],
  [
    'charge-unanswered',
    { ...unanswered, reason: 'breaker-open', mayBeCharged: false },
    'no answer to the charge (breaker-open): asked again in 90 ms, with the same key',
    'trouble',
  ],
  ['hold-made', { amountCents: 900 }, 'the card processor holds 9.00 for it', 'plain'],
  ['hold-voided', {}, 'the hold on the card is voided: nobody relies on it', 'compensation'],
  [
    'reconciled',
    { difference: 'hold-of-nobody' },
    'reconciliation with the card processor: hold-of-nobody, and mended',
    'restart',
  ],
])('%s %j: %s', (event, fields, text, mark) => {
  const line = eventLine('payment', 0, { event, orderId: ORDER_ID, ...fields });
  expect(narrate(line, false)).toMatchObject({ text, mark });
});
