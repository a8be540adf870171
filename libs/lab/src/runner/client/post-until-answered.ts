import { setTimeout as wait } from 'node:timers/promises';
import type { PlaceOrder } from '@indoubt/contracts';
import type { LabClient } from './lab-client.ts';
import type { HowToPost, PostAnswer } from './scenario-client.ts';

/** How long a client goes on, and how long it waits before the second attempt. Milliseconds. */
export interface Patience {
  withinMs: number;
  pauseMs: number;
}

const SERVER_ERROR = 500;
/** Its pauses grow, up to so many times the first. */
const GROWN_MAX = 8;
const IN_USE = 'idempotency-key-in-use';

/**
 * What a client does that was never told what became of its order: it asks again with the same key,
 * until it is told, and no sooner than it was asked to.
 * @returns the last answer: final, or what it was when the client lost its patience
 */
export async function postUntilAnswered(
  client: Pick<LabClient, 'post'>,
  order: PlaceOrder,
  how: HowToPost,
  { withinMs, pauseMs }: Patience,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const until = performance.now() + withinMs;
  let answer = await client.post(order, how);
  for (let grown = 1; !isFinal(answer) && performance.now() < until; grown *= 2) {
    const ownMs = pauseMs * Math.min(grown, GROWN_MAX);
    await wait(Math.max(ownMs, retryAfterMs(answer)), undefined, { signal });
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
