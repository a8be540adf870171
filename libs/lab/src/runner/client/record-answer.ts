import type { Outcome } from '../../evidence/history/history-of.ts';
import type { RecordWriter } from '../../evidence/record/record-writer.ts';
import type { Answer } from './ask.ts';

type Fields = Record<string, unknown>;

const SERVER_ERROR = 500;

/**
 * Asks, and writes down what came of it with both its times (epoch milliseconds): also that nothing
 * came. An answer of 5xx is unknown, as silence is: it may have happened.
 * @param asked  what was asked for, as it stands in the record
 * @param told  what the answer says, beside its HTTP status
 * @throws what `ask` throws, after it was written down
 */
export async function recordAnswer(
  writer: RecordWriter,
  asked: Fields,
  told: (answer: Answer) => Fields,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const invokedAt = now();
  const write = (outcome: Outcome, says: Fields): void => {
    const times = { invokedAt, returnedAt: now() };
    writer.event('client', { event: 'client-response', ...asked, ...says, outcome, ...times });
  };
  try {
    const answer = await ask();
    write(outcomeOf(answer), { status: answer.status, ...told(answer) });
    return answer;
  } catch (error) {
    write('unknown', { status: null, error: String(error) });
    throw error;
  }
}

function outcomeOf({ ok, status }: Answer): Outcome {
  if (ok) return 'ok';
  return status >= SERVER_ERROR ? 'unknown' : 'refused';
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
