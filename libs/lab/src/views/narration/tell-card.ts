import {
  durationField,
  type EventLine,
  optionalWord,
  word,
} from '../../evidence/record/told-fields.ts';
import { formatCents } from '../../text/format-cents.ts';
import type { Told } from './sentence.ts';

export function chargeRequested(line: EventLine): Told {
  const text = `to be paid by card: ${amount(line)}, asked for once this is done`;
  return { text, mark: 'plain' };
}

export function chargeAnswered(line: EventLine): Told {
  const status = word(line, 'status');
  if (status === 'VOIDED') {
    return { text: 'the card processor is away: never asked, and given up', mark: 'refused' };
  }
  const attempts = typeof line['attempts'] === 'number' ? line['attempts'] : 1;
  const late = attempts > 1 ? `, at attempt ${attempts}` : '';
  const text = `the charge of the card is ${status}${late}`;
  return { text, mark: status === 'CAPTURED' ? 'good' : 'refused' };
}

export function chargeUnanswered(line: EventLine): Told {
  const reason = optionalWord(line, 'reason') ?? 'no reason given';
  const isUnknown = line['mayBeCharged'] === true;
  const so = isUnknown ? ', the card may be charged' : '';
  const again = `asked again in ${durationField(line, 'delayMs')}, with the same key`;
  const text = `no answer to the charge (${reason})${so}: ${again}`;
  return { text, mark: isUnknown ? 'in-doubt' : 'trouble' };
}

export function holdMade(line: EventLine): Told {
  return { text: `the card processor holds ${amount(line)} for it`, mark: 'plain' };
}

export function holdVoided(_line: EventLine): Told {
  const text = 'the hold on the card is voided: nobody relies on it';
  return { text, mark: 'compensation' };
}

export function reconciled(line: EventLine): Told {
  const text = `reconciliation with the card processor: ${word(line, 'difference')}, and mended`;
  return { text, mark: 'restart' };
}

function amount(line: EventLine): string {
  return typeof line['amountCents'] === 'number' ? formatCents(line['amountCents']) : '?';
}
