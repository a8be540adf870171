/** How the pauses between attempts grow. Milliseconds. */
export interface BackOff {
  /** The first pause is shorter than this, the second shorter than twice this, and so on. */
  baseMs: number;
  /** Every pause is shorter than this. */
  maxMs: number;
}

/**
 * The pause before the next attempt: exponential, capped, with full jitter, so that callers that
 * failed together do not retry together. Pure.
 * @param attempt the attempt that just failed, from 1
 * @param random from 0 to below 1
 * @returns milliseconds, not rounded
 * @see Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog (2015)
 */
export function backOffMs({ baseMs, maxMs }: BackOff, attempt: number, random: number): number {
  return random * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}
