/**
 * What may be spent on asking again. Every request pays a share of a token in, every retry takes
 * a whole one out: so retries are a fixed part of the traffic, also when every request fails and
 * wants one. Layers that each retry three times would else multiply an outage.
 * @see "Addressing Cascading Failures" in Google's Site Reliability Engineering, ch. 22; Finagle's
 *   RetryBudget
 */
export interface RetryBudget {
  /** A request has been made. */
  earn(): void;
  /** @returns whether one retry may be made; it is taken from the budget then */
  spend(): boolean;
  left(): number;
}

/**
 * @param share of a retry that each request earns, as 0.1 for one in ten
 * @param max tokens: what it begins with, and all that quiet times can save up
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
