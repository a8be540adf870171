import type { BreakerSettings } from './breaker.ts';
import type { RetrySettings } from './retry.ts';

/** How a client protects itself and a target that fails. */
export interface Resilience {
  retries: RetrySettings;
  breaker: BreakerSettings;
  /** The highest number of requests in flight to the target; further requests are refused. */
  inFlightMax: number;
}

/** The defaults of all clients. */
const DEFAULTS: Resilience = {
  retries: { attemptsMax: 3, pauseMs: 50, pauseMaxMs: 1_000, budgetShare: 0.1, budgetMax: 10 },
  // The few refused connections of one crash do not open the breaker. A target that does not come
  // back, or many callers, do. The pause is as long as a process of the lab takes to start.
  breaker: { windowMs: 10_000, requestsMin: 20, failedPercent: 50, pauseMs: 1_000 },
  // Four times the connections: a burst waits for a connection, and an outage does not fill the
  // memory.
  inFlightMax: 256,
};

export type ResilienceOverride = {
  [part in keyof Resilience]?: Resilience[part] extends number ? number : Partial<Resilience[part]>;
};

export function resilienceOf(own: ResilienceOverride = {}): Resilience {
  return {
    retries: { ...DEFAULTS.retries, ...own.retries },
    breaker: { ...DEFAULTS.breaker, ...own.breaker },
    inFlightMax: own.inFlightMax ?? DEFAULTS.inFlightMax,
  };
}
