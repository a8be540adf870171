import type { EventLine } from '@indoubt/record';
import { duration } from '../../text/duration.ts';
import { formatCents } from '../../text/format-cents.ts';
import type { Told } from './sentence.ts';

export function chargeRequested({ amountCents }: EventLine<'charge-requested'>): Told {
  const text = `to be paid by card: ${formatCents(amountCents)}, asked for once this is done`;
  return { text, mark: 'plain' };
}

export function chargeAnswered({ status, attempts }: EventLine<'charge-answered'>): Told {
  if (status === 'VOIDED') {
    return { text: 'the card processor is away: never asked, and given up', mark: 'refused' };
  }
  const late = attempts > 1 ? `, at attempt ${attempts}` : '';
  const text = `the charge of the card is ${status}${late}`;
  return { text, mark: status === 'CAPTURED' ? 'good' : 'refused' };
}

export function chargeUnanswered(line: EventLine<'charge-unanswered'>): Told {
  const { reason, mayBeCharged, delayMs } = line;
  const so = mayBeCharged ? ', the card may be charged' : '';
  const again = `asked again in ${duration(delayMs)}, with the same key`;
  const text = `no answer to the charge (${reason})${so}: ${again}`;
  return { text, mark: mayBeCharged ? 'in-doubt' : 'trouble' };
}

export function holdMade({ amountCents }: EventLine<'hold-made'>): Told {
  return { text: `the card processor holds ${formatCents(amountCents)} for it`, mark: 'plain' };
}

export function holdVoided(): Told {
  const text = 'the hold on the card is voided: nobody relies on it';
  return { text, mark: 'compensation' };
}

export function reconciled({ difference }: EventLine<'reconciled'>): Told {
  const text = `reconciliation with the card processor: ${difference}, and mended`;
  return { text, mark: 'restart' };
}
