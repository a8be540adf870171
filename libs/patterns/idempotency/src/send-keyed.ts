import type { Response } from '@indoubt/http';
import type { KeyedAnswer } from './answer-keyed.ts';

/** Answers a request with its key's answer, and says so when it was given before. */
export function sendKeyed(
  response: Response,
  { status, headers, body, isReplayed }: KeyedAnswer,
): void {
  if (isReplayed) response.set('Idempotency-Replayed', 'true');
  response.status(status).set(headers).json(body);
}
