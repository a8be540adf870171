export { type BackOff, backOffMs } from './back-off.ts';
export { didYouMean } from './nearest-name.ts';

/**
 * Definite: nothing happened and nothing will. Indefinite: it may have happened; ask again with the
 * same id. Code that does not know says indefinite.
 */
export type Certainty = 'definite' | 'indefinite';

const CERTAINTY = {
  // Refusals by a domain rule: an answer, not an accident.
  'insufficient-stock': 'definite',
  'payment-declined': 'definite',
  'already-undone': 'definite',
  // The request was never accepted.
  'invalid-request': 'definite',
  'unknown-customer': 'definite',
  'unknown-sku': 'definite',
  'not-found': 'definite',
  'invalid-config': 'definite',
  'malformed-message': 'definite',
  'not-allowed': 'definite',
  // The key belongs to another request: this one is not looked at.
  'idempotency-key-missing': 'definite',
  'idempotency-key-reused': 'definite',
  // What was read has changed meanwhile, or nobody said what was read.
  'precondition-failed': 'definite',
  'precondition-required': 'definite',
  'credit-limit-in-use': 'definite',
  // Refused before any work: too much of it waits already.
  overloaded: 'definite',
  // The card processor is away, and whoever sells does not want to wait for it.
  'payment-unavailable': 'definite',
  // The breaker is open, or every place is taken: the request has never left.
  'breaker-open': 'definite',
  'bulkhead-full': 'definite',
  // The connection was refused: the request has never left.
  'not-reached': 'definite',
  // This coordinator decides nothing any more: another one does, and must be asked.
  'stood-down': 'definite',
  // A global transaction ended in an abort: nothing of it stays.
  'transaction-aborted': 'definite',
  // The lab could not do its work.
  'infrastructure-unavailable': 'definite',
  'lab-failed': 'definite',
  interrupted: 'definite',
  // Nobody can say whether it happened.
  'database-unavailable': 'indefinite',
  'broker-unavailable': 'indefinite',
  'service-unavailable': 'indefinite',
  'timed-out': 'indefinite',
  // A fault that was armed: on purpose, and as unclear as a real one.
  'fault-injected': 'indefinite',
  // Prepared and not decided: nobody but the coordinator can say how it ends.
  'in-doubt': 'indefinite',
  // Another coordinator has taken over, and knows.
  superseded: 'indefinite',
  // Another attempt with this key is under way, and may yet succeed.
  'idempotency-key-in-use': 'indefinite',
} as const satisfies Record<string, Certainty>;

export type FailureCode = keyof typeof CERTAINTY;

/** Whether a text, from another process or a file, is one of the codes. */
export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(CERTAINTY, text);
}

export interface FailureOptions extends ErrorOptions {
  /** When asking again may help, as far as that is known. */
  retryAfterMs?: number;
}

/** An expected failure with a stable code. Bugs are not Failures: assert them. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: FailureCode, detail: string, options: FailureOptions = {}) {
    super(detail, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }

  get certainty(): Certainty {
    return CERTAINTY[this.code];
  }
}
