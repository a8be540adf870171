import {
  type EventLine,
  optionalWord,
  orderLines,
  word,
  words,
} from '../../evidence/record/told-fields.ts';
import { formatCents } from '../../text/format-cents.ts';
import type { Told } from './sentence.ts';

export function orderPlaced(line: EventLine): Told {
  const total = typeof line['totalCents'] === 'number' ? formatCents(line['totalCents']) : '?';
  const what = orderLines(line['lines']);
  // By two-phase commit nobody ever sees it PENDING: it is there once all have committed.
  const how = line['coordination'] === '2pc' ? ' by two-phase commit:' : ': PENDING,';
  const text = `order placed${how} ${word(line, 'customerId')}, ${what}, total ${total}`;
  return { text, mark: 'plain' };
}

export function orderEnded(line: EventLine): Told {
  const status = word(line, 'status');
  const reason = optionalWord(line, 'reason');
  const text = reason === null ? `order ${status}` : `order ${status}: ${reason}`;
  return { text, mark: status === 'CONFIRMED' ? 'good' : 'refused' };
}

/** The saga has moved: on to its next step, back into compensation, or to its end. */
export function sagaAdvanced(line: EventLine): Told {
  const status = word(line, 'status');
  const why = because(line);
  const reason = optionalWord(line, 'reason') ?? 'no reason given';
  const asks = list(words(line, 'send'));
  if (status === 'compensating') {
    const cause = why.endsWith('refused') ? `${why}: ${reason}` : why;
    return { text: `${cause}; compensation: asks for ${asks}`, mark: 'compensation' };
  }
  const here = words(line, 'local');
  const does = here.length === 0 ? '' : `; ${list(here)} done here`;
  if (status === 'completed') return { text: `${why}${does}; saga completed`, mark: 'good' };
  if (status === 'compensated') {
    // Nothing was done before the refusal: there was nothing to undo, and that is no compensation.
    if (why.endsWith('refused')) {
      const text = `${why}: ${reason}; nothing to compensate${does}; saga ended`;
      return { text, mark: 'refused' };
    }
    return { text: `${why}; compensation complete${does} (${reason})`, mark: 'compensation' };
  }
  return { text: `${why}${does}; asks for ${asks}`, mark: 'plain' };
}

export function sagaAskedAgain(line: EventLine): Told {
  const undoing = word(line, 'status') === 'compensating' ? ' (compensation)' : '';
  const asks = list(words(line, 'send'));
  const text = `${because(line)}: asks again for ${asks}${undoing}, time ${word(line, 'asked')}`;
  return { text, mark: 'again' };
}

export function answerIgnored(line: EventLine): Told {
  const awaiting = optionalWord(line, 'awaiting');
  const now = awaiting === null ? 'the saga has ended' : `it awaits ${awaiting}`;
  const text = `an answer to ${word(line, 'step')} comes again or late: ignored, ${now}`;
  return { text, mark: 'again' };
}

function because(line: EventLine): string {
  const cause = word(line, 'because');
  if (cause === 'start') return 'saga started';
  return cause.replace(/ expired$/, ' gave no answer in time');
}

function list(names: string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
