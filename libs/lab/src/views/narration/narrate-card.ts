import type { EventLine } from '@indoubt/record';
import { duration } from '../../text/duration.ts';
import { formatCents } from '../../text/format-cents.ts';
import type { Narration } from './sentence.ts';

export function chargeRequested({ amountCents }: EventLine<'charge-requested'>): Narration {
  const text = `will charge the card ${formatCents(amountCents)} after this transaction commits`;
  return { text, mark: 'plain' };
}

export function chargeAnswered({ status, attempts }: EventLine<'charge-answered'>): Narration {
  if (status === 'VOIDED') {
    return {
      text: 'gives up the charge: no request was sent to the card processor',
      mark: 'refused',
    };
  }
  const late = attempts > 1 ? `, at attempt ${attempts}` : '';
  const text = `the charge of the card is ${status}${late}`;
  return { text, mark: status === 'CAPTURED' ? 'good' : 'refused' };
}

export function chargeUnanswered(line: EventLine<'charge-unanswered'>): Narration {
  const { reason, mayBeCharged, delayMs } = line;
  const effect = mayBeCharged ? ', the card may be charged' : '';
  const retry = `retries in ${duration(delayMs)} with the same key`;
  const text = `no answer to the charge (${reason})${effect}: ${retry}`;
  return { text, mark: mayBeCharged ? 'in-doubt' : 'trouble' };
}

export function holdMade({ amountCents }: EventLine<'hold-made'>): Narration {
  return {
    text: `the card processor holds ${formatCents(amountCents)} for this order`,
    mark: 'plain',
  };
}

export function holdVoided(): Narration {
  const text = 'voids the hold on the card: no order needs it';
  return { text, mark: 'compensation' };
}

export function reconciled({ difference }: EventLine<'reconciled'>): Narration {
  const text = `reconciliation with the card processor repaired: ${difference}`;
  return { text, mark: 'restart' };
}
