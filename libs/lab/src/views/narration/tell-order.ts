import type { EventLine } from '@indoubt/record';
import { formatCents } from '../../text/format-cents.ts';
import { orderLines } from '../../text/order-lines.ts';
import type { Told } from './sentence.ts';

export function orderPlaced(line: EventLine<'order-placed'>): Told {
  const { customerId, totalCents, lines, coordination } = line;
  // By two-phase commit nobody ever sees it PENDING: it is there once all have committed.
  const how = coordination === '2pc' ? ' by two-phase commit:' : ': PENDING,';
  const what = `${orderLines(lines)}, total ${formatCents(totalCents)}`;
  const text = `order placed${how} ${customerId}, ${what}`;
  return { text, mark: 'plain' };
}

export function orderEnded({ status, reason }: EventLine<'order-ended'>): Told {
  const text = reason === null ? `order ${status}` : `order ${status}: ${reason}`;
  return { text, mark: status === 'CONFIRMED' ? 'good' : 'refused' };
}

/** The saga has moved: on to its next step, back into compensation, or to its end. */
export function sagaAdvanced(line: EventLine<'saga-advanced'>): Told {
  const { status, send, local: here } = line;
  const why = because(line);
  const reason = line.reason ?? 'no reason given';
  const asks = list(send);
  if (status === 'compensating') {
    const cause = why.endsWith('refused') ? `${why}: ${reason}` : why;
    return { text: `${cause}; compensation: asks for ${asks}`, mark: 'compensation' };
  }
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

export function sagaCommandRetried(line: EventLine<'saga-command-retried'>): Told {
  const { status, send, attempts } = line;
  const undoing = status === 'compensating' ? ' (compensation)' : '';
  const text = `${because(line)}: asks again for ${list(send)}${undoing}, time ${attempts}`;
  return { text, mark: 'again' };
}

export function answerIgnored({ step, awaiting }: EventLine<'answer-ignored'>): Told {
  const now = awaiting === null ? 'the saga has ended' : `it awaits ${awaiting}`;
  const text = `an answer to ${step} comes again or late: ignored, ${now}`;
  return { text, mark: 'again' };
}

function because({ because: cause }: { because: string }): string {
  if (cause === 'start') return 'saga started';
  return cause.replace(/ expired$/, ' gave no answer in time');
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}
