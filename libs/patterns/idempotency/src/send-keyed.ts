import type { Response } from '@indoubt/http';
import type { KeyedAnswer } from './answer-keyed.ts';

/** Sends the answer of a key. A replay is marked with the header Idempotency-Replayed. */
export function sendKeyed(
  response: Response,
  { status, headers, body, isReplayed }: KeyedAnswer,
): void {
  if (isReplayed) response.set('Idempotency-Replayed', 'true');
  response.status(status).set(headers).json(body);
}
