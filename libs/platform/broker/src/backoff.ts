const BASE_MS = 50;
const CEILING_MS = 5_000;

/**
 * How long to wait before the next attempt: exponential, capped, with full jitter, so that
 * consumers which failed together do not come back together.
 * @param attempt the one that just failed, from 1
 * @param random in [0, 1)
 * @returns milliseconds
 * @see aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
 */
export function backoffMs(attempt: number, random: number): number {
  return random * Math.min(BASE_MS * 2 ** attempt, CEILING_MS);
}
