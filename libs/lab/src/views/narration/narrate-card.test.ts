import { expect, test } from 'vitest';
import { eventLine, type SampleEvent } from '../../evidence/record/sample-lines.fixture.ts';
import { narrate } from './narrate.ts';

const unanswered = { reason: 'participant-timeout', delayMs: 90 };

test.each<[event: SampleEvent, text: string, mark: string]>([
  [
    { event: 'charge-requested', amountCents: 900 },
    'will charge the card 9.00 after this transaction commits',
    'plain',
  ],
  [
    { event: 'charge-answered', status: 'CAPTURED', attempts: 1 },
    'the charge of the card is CAPTURED',
    'good',
  ],
  [
    { event: 'charge-answered', status: 'DECLINED', attempts: 3 },
    'the charge of the card is DECLINED, at attempt 3',
    'refused',
  ],
  [
    { event: 'charge-unanswered', ...unanswered, mayBeCharged: true },
    'no answer to the charge (participant-timeout), the card may be charged: ' +
      'retries in 90 ms with the same key',
    'in-doubt',
  ],
  [
    { event: 'charge-unanswered', ...unanswered, reason: 'breaker-open', mayBeCharged: false },
    'no answer to the charge (breaker-open): retries in 90 ms with the same key',
    'trouble',
  ],
  [
    { event: 'hold-made', amountCents: 900 },
    'the card processor holds 9.00 for this order',
    'plain',
  ],
  [{ event: 'hold-voided' }, 'voids the hold on the card: no order needs it', 'compensation'],
  [
    { event: 'reconciled', difference: 'hold-of-nobody' },
    'reconciliation with the card processor repaired: hold-of-nobody',
    'restart',
  ],
])('the narration of %j is: %s', (event, text, mark) => {
  const line = eventLine('payment', 0, event);
  expect(narrate(line, false)).toMatchObject({ text, mark });
});
