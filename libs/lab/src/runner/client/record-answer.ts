import type { RecordEvent } from '@indoubt/record';
import type { Answer } from './ask.ts';

type Response = RecordEvent<'client-response'>;

/** What every response has in the record, with or without an answer. */
export type End = Pick<Response, 'status' | 'outcome' | 'invokedAt' | 'returnedAt' | 'error'>;

const SERVER_ERROR = 500;

/**
 * Sends a request and records its end with both its times (epoch milliseconds): also that no answer
 * came. An answer of 5xx is unknown, as silence is: it may have happened.
 * @param write  writes the line; without an answer when none came
 * @throws what `ask` throws, after the line is written
 */
export async function recordAnswer(
  ask: () => Promise<Answer>,
  write: (end: End, answer?: Answer) => void,
): Promise<Answer> {
  const invokedAt = now();
  try {
    const answer = await ask();
    const end = { status: answer.status, outcome: outcomeOf(answer) };
    write({ ...end, invokedAt, returnedAt: now() }, answer);
    return answer;
  } catch (error) {
    const end = { status: null, outcome: 'unknown', error: String(error) } as const;
    write({ ...end, invokedAt, returnedAt: now() });
    throw error;
  }
}

function outcomeOf({ ok, status }: Answer): Response['outcome'] {
  if (ok) return 'ok';
  return status >= SERVER_ERROR ? 'unknown' : 'refused';
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
