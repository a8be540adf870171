/** How global transactions are run; what is left out has its default. */
export interface TwoPhaseSettings {
  /** How long the coordinator waits for the votes. Milliseconds, default 2,000. */
  prepareWithinMs: number;
  /** What no record in the coordinator's log means: an abort, or nothing. Default `abort`. */
  presume: 'abort' | 'nothing';
  /** All branches are prepared at once, or one after the other. Default `parallel`. */
  branches: 'parallel' | 'sequential';
  /** The last branch is not prepared: its commit in one phase is the decision. Default false. */
  lastResource: boolean;
}

/** How payment treats the card processor; what is left out has payment's default. */
export interface CardSettings {
  /** While it is away: orders wait for it, or are refused. */
  outage?: 'wait' | 'refuse';
  /** How long one request to it may take. Milliseconds. */
  answerWithinMs?: number;
}

/** How the order service keeps idempotency keys. Milliseconds. */
export interface KeySettings {
  /** How long an attempt has its key to itself; 3,000 unless given. */
  leaseMs?: number;
  /** How long an answer is kept. */
  retainMs?: number;
}

/** How much the order service takes on; what is left out has its default. */
export interface LimitSettings {
  /** Requests that one address may send in a second; 0 for as many as it likes. */
  ratePerSecond?: number;
  /** Requests under way at once. */
  inFlightMax?: number;
}
