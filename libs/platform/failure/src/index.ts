export { type BackOff, backOffMs } from './back-off.ts';
export { didYouMean } from './nearest-name.ts';

/**
 * Definite: the request was not carried out and will not be. Indefinite: the request may have been
 * carried out; repeat it with the same id. Code that does not know says indefinite.
 */
export type Certainty = 'definite' | 'indefinite';

const CERTAINTY = {
  // A domain rule refuses the request.
  'insufficient-stock': 'definite',
  'payment-declined': 'definite',
  'already-undone': 'definite',
  // The request cannot be accepted.
  'invalid-request': 'definite',
  'unknown-customer': 'definite',
  'unknown-sku': 'definite',
  'not-found': 'definite',
  'invalid-config': 'definite',
  'malformed-message': 'definite',
  'not-allowed': 'definite',
  // The key is missing, or it belongs to another request.
  'idempotency-key-missing': 'definite',
  'idempotency-key-reused': 'definite',
  // The resource has changed since it was read, or the request does not name the version.
  'precondition-failed': 'definite',
  'precondition-required': 'definite',
  'credit-limit-in-use': 'definite',
  // Too much work waits already: the request is refused before its work begins.
  overloaded: 'definite',
  // The card processor does not answer, and the shop is set not to wait for it.
  'payment-unavailable': 'definite',
  // The breaker is open, or too many requests are in flight: the request was not sent.
  'breaker-open': 'definite',
  'bulkhead-full': 'definite',
  // The connection was refused: the request was not sent.
  'not-reached': 'definite',
  // Another coordinator has taken over: this coordinator makes no more decisions.
  'stood-down': 'definite',
  // A global transaction was aborted, and its changes were rolled back.
  'transaction-aborted': 'definite',
  // The lab could not do its own work.
  'infrastructure-unavailable': 'definite',
  'lab-failed': 'definite',
  interrupted: 'definite',
  // No answer came: the request may have been carried out.
  'database-unavailable': 'indefinite',
  'broker-unavailable': 'indefinite',
  'service-unavailable': 'indefinite',
  'timed-out': 'indefinite',
  // An armed fault, as indefinite as a real error.
  'fault-injected': 'indefinite',
  // The transaction is prepared and not decided: only the coordinator knows how it ends.
  'in-doubt': 'indefinite',
  // Another coordinator has taken over, and knows how the transaction ends.
  superseded: 'indefinite',
  // Another attempt with this key is in progress, and may still succeed.
  'idempotency-key-in-use': 'indefinite',
} as const satisfies Record<string, Certainty>;

export type FailureCode = keyof typeof CERTAINTY;

/** Whether a text from another process or a file is a failure code. */
export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(CERTAINTY, text);
}

export interface FailureOptions extends ErrorOptions {
  /** The pause before a retry may help, if that is known. */
  retryAfterMs?: number;
}

/** An expected failure with a stable code. A bug is not a Failure: use an assertion. */
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
