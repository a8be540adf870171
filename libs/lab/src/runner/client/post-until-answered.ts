import { setTimeout as wait } from 'node:timers/promises';
import type { PlaceOrder } from '@indoubt/contracts';
import { backOffMs } from '@indoubt/failure';
import type { Patience, PostAnswer, PostOptions, ScenarioClient } from './scenario-client.ts';

const DEFAULT_PATIENCE: Patience = {
  withinMs: 30_000,
  backOff: { baseMs: 500, maxMs: 4_000 },
};
const SERVER_ERROR = 500;
const IN_USE = 'idempotency-key-in-use';

/**
 * Posts an order and retries with the same key until the answer is final. A retry waits at least
 * for the time of Retry-After.
 * @returns the final answer, or the last answer at the time-out
 */
export async function postUntilAnswered(
  client: Pick<ScenarioClient, 'post'>,
  order: PlaceOrder,
  options: PostOptions,
  signal: AbortSignal,
  { withinMs, backOff } = DEFAULT_PATIENCE,
): Promise<PostAnswer> {
  const until = performance.now() + withinMs;
  let answer = await client.post(order, options);
  for (let attempt = 1; !isFinal(answer) && performance.now() < until; attempt += 1) {
    const pauseMs = backOffMs(backOff, attempt, Math.random());
    await wait(Math.max(pauseMs, retryAfterMs(answer)), undefined, { signal });
    answer = await client.post(order, { ...options, key: answer.key });
  }
  return answer;
}

/** Milliseconds; the header has seconds. Pure. */
function retryAfterMs({ headers }: Pick<PostAnswer, 'headers'>): number {
  return 1_000 * Number(headers['retry-after'] ?? 0);
}

/** Whether a retry would get the same answer: accepted or finally refused. Pure. */
export function isFinal({ status, code }: Pick<PostAnswer, 'status' | 'code'>): boolean {
  return status !== null && status < SERVER_ERROR && code !== IN_USE;
}
