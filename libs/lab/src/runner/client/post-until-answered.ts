import { setTimeout as wait } from 'node:timers/promises';
import type { PlaceOrder } from '@indoubt/contracts';
import { type BackOff, backOffMs } from '@indoubt/failure';
import type { LabClient } from './lab-client.ts';
import type { HowToPost, PostAnswer } from './scenario-client.ts';

/** How long a client retries, and its pauses. */
export interface Patience {
  withinMs: number;
  backOff: BackOff;
}

const SERVER_ERROR = 500;
const IN_USE = 'idempotency-key-in-use';

/**
 * Retries an order with the same key until there is a final answer, and not before the time that
 * Retry-After says.
 * @returns the last answer: the final answer, or the answer when the time was over
 */
export async function postUntilAnswered(
  client: Pick<LabClient, 'post'>,
  order: PlaceOrder,
  how: HowToPost,
  { withinMs, backOff }: Patience,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const until = performance.now() + withinMs;
  let answer = await client.post(order, how);
  for (let attempt = 1; !isFinal(answer) && performance.now() < until; attempt += 1) {
    const pauseMs = backOffMs(backOff, attempt, Math.random());
    await wait(Math.max(pauseMs, retryAfterMs(answer)), undefined, { signal });
    answer = await client.post(order, { ...how, key: answer.key });
  }
  return answer;
}

/** HTTP's unit is the second. Pure. */
function retryAfterMs({ headers }: Pick<PostAnswer, 'headers'>): number {
  return 1_000 * Number(headers['retry-after'] ?? 0);
}

/** Whether asking again would only say the same: accepted, or refused for good. Pure. */
export function isFinal({ status, code }: Pick<PostAnswer, 'status' | 'code'>): boolean {
  return status !== null && status < SERVER_ERROR && code !== IN_USE;
}
