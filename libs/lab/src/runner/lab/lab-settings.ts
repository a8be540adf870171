/** Settings of global transactions; each has a default. */
export interface TwoPhaseSettings {
  /** How long the coordinator waits for the votes. Milliseconds, default 2,000. */
  prepareWithinMs: number;
  /** What a missing record in the coordinator's log means: abort or nothing. Default `abort`. */
  presume: 'abort' | 'nothing';
  /** Whether branches are prepared in parallel or one after the other. Default `parallel`. */
  branches: 'parallel' | 'sequential';
  /** Whether the last branch commits in one phase, which is the decision. Default false. */
  lastResource: boolean;
}

/** How payment uses the card processor. Payment has a default for each setting. */
export interface CardSettings {
  /** During an outage of the card processor orders wait or are refused. */
  outage?: 'wait' | 'refuse';
  /** Time-out of one request to the card processor. Milliseconds. */
  answerWithinMs?: number;
}

/** How the order service stores idempotency keys. Milliseconds. */
export interface KeySettings {
  /** How long an attempt has the exclusive lease of its key; default 3,000. */
  leaseMs?: number;
  /** How long an answer is stored. */
  retainMs?: number;
}

/** Load limits of the order service; each has a default. */
export interface LimitSettings {
  /** Requests per second of one address; 0 for no limit. */
  ratePerSecond?: number;
  /** Requests in flight. */
  inFlightMax?: number;
}
