import type { RecordEvent } from '@indoubt/record';
import type { HttpAnswer } from './http-request.ts';

type Response = RecordEvent<'client-response'>;

/** The fields of every recorded response, with or without an answer. */
export type End = Pick<Response, 'status' | 'outcome' | 'invokedAt' | 'returnedAt' | 'error'>;

const SERVER_ERROR = 500;

/**
 * Sends a request and records its end with both times (epoch milliseconds), also without an answer.
 * After a 5xx, as without an answer, the request may have been carried out.
 * @param write  writes the line; its `answer` is missing when no answer came
 * @throws what `send` throws, after the line is written
 */
export async function recordAnswer(
  send: () => Promise<HttpAnswer>,
  write: (end: End, answer?: HttpAnswer) => void,
): Promise<HttpAnswer> {
  const invokedAt = now();
  try {
    const answer = await send();
    const end = { status: answer.status, outcome: outcomeOf(answer) };
    write({ ...end, invokedAt, returnedAt: now() }, answer);
    return answer;
  } catch (error) {
    const end = { status: null, outcome: 'unknown', error: String(error) } as const;
    write({ ...end, invokedAt, returnedAt: now() });
    throw error;
  }
}

function outcomeOf({ ok, status }: HttpAnswer): Response['outcome'] {
  if (ok) return 'ok';
  return status >= SERVER_ERROR ? 'unknown' : 'refused';
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
