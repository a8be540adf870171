import type { EventLine } from '@indoubt/record';
import { formatCents } from '../../text/format-cents.ts';
import { orderLines } from '../../text/order-lines.ts';
import type { Narration } from './sentence.ts';

export function orderPlaced(line: EventLine<'order-placed'>): Narration {
  const { customerId, totalCents, lines, coordination } = line;
  // An order by two-phase commit is never PENDING: its row becomes visible when it is committed.
  const how = coordination === '2pc' ? ' by two-phase commit:' : ': PENDING,';
  const what = `${orderLines(lines)}, total ${formatCents(totalCents)}`;
  const text = `order placed${how} ${customerId}, ${what}`;
  return { text, mark: 'plain' };
}

export function orderEnded({ status, reason }: EventLine<'order-ended'>): Narration {
  const text = reason === null ? `order ${status}` : `order ${status}: ${reason}`;
  return { text, mark: status === 'CONFIRMED' ? 'good' : 'refused' };
}

/** The saga has advanced: to its next step, to compensation, or to its end. */
export function sagaAdvanced(line: EventLine<'saga-advanced'>): Narration {
  const { status, send, local: here } = line;
  const why = because(line);
  const reason = line.reason ?? 'no reason given';
  if (status === 'compensating') {
    const cause = why.endsWith('refused') ? `${why}: ${reason}` : why;
    return { text: `${cause}; compensation: ${sends(send)}`, mark: 'compensation' };
  }
  const doneHere = here.length === 0 ? '' : `; ${here.join(', ')} done locally`;
  if (status === 'completed') return { text: `${why}${doneHere}; saga completed`, mark: 'good' };
  if (status === 'compensated') {
    // The first step was refused: no step was done before it, so the saga compensates nothing.
    if (why.endsWith('refused')) {
      const text = `${why}: ${reason}; nothing to compensate${doneHere}; saga ended`;
      return { text, mark: 'refused' };
    }
    return { text: `${why}; compensation complete${doneHere} (${reason})`, mark: 'compensation' };
  }
  return { text: `${why}${doneHere}; ${sends(send)}`, mark: 'plain' };
}

export function sagaCommandRetried(line: EventLine<'saga-command-retried'>): Narration {
  const { status, send, attempts } = line;
  const undoing = status === 'compensating' ? ' (compensation)' : '';
  const text = `${because(line)}: ${sends(send)} again${undoing}, attempt ${attempts}`;
  return { text, mark: 'again' };
}

export function answerIgnored({ step, awaiting }: EventLine<'answer-ignored'>): Narration {
  const now = awaiting === null ? 'the saga has ended' : `the saga awaits ${awaiting}`;
  const text = `ignores an answer to ${step} that came again or late: ${now}`;
  return { text, mark: 'again' };
}

function because({ because: cause }: { because: string }): string {
  if (cause === 'start') return 'saga started';
  return cause.replace(/ expired$/, ' gave no answer in time');
}

function sends(commands: readonly string[]): string {
  if (commands.length === 0) return 'sends no command';
  return `sends the ${commands.length > 1 ? 'commands' : 'command'} ${commands.join(', ')}`;
}
