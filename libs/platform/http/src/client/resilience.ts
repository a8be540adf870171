import type { BreakerSettings } from './breaker.ts';
import type { RetrySettings } from './retry.ts';

/** How a client bears a target that is ill. */
export interface Resilience {
  retries: RetrySettings;
  breaker: BreakerSettings;
  /** How many requests may be under way to one target at once; one more is refused. */
  inFlightMax: number;
}

/** All defaults, in one place. A client overrides what it must. */
const DEFAULTS: Resilience = {
  retries: { attemptsMax: 3, pauseMs: 50, pauseMaxMs: 1_000, budgetShare: 0.1, budgetMax: 10 },
  // One crash and its handful of refused connections do not open it: it takes a target that does
  // not come back, or many callers. The pause is what a process of the lab takes to start.
  breaker: { windowMs: 10_000, requestsMin: 20, failedPercent: 50, pauseMs: 1_000 },
  // Four times the connections: a burst waits for one, an outage does not fill the memory.
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
