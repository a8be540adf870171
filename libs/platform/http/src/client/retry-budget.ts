/**
 * Bounds the number of retries. Every request adds a share of a token, and every retry takes a
 * whole token. So retries are a fixed part of the traffic even when every request fails. Without
 * such a bound, layers that each make three attempts would multiply the load in an outage.
 * @see "Addressing Cascading Failures" in Google's Site Reliability Engineering, ch. 22; Finagle's
 *   RetryBudget
 */
export interface RetryBudget {
  /** Adds the share of one request. */
  earn(): void;
  /** Takes a token for a retry. @returns false when no retry may be made */
  spend(): boolean;
  left(): number;
}

/**
 * @param share the part of a token that each request adds: 0.1 allows one retry in ten requests
 * @param max the number of tokens at the start, and the highest number
 */
export function createRetryBudget(share: number, max: number): RetryBudget {
  let tokens = max;
  return {
    earn() {
      tokens = Math.min(max, tokens + share);
    },
    spend() {
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    left: () => tokens,
  };
}
