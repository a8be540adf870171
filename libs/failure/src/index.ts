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
} as const satisfies Record<string, Certainty>;

export type FailureCode = keyof typeof CERTAINTY;

/** An expected failure with a stable code. Bugs are not Failures: assert them. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;

  constructor(code: FailureCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.code = code;
  }

  get certainty(): Certainty {
    return CERTAINTY[this.code];
  }
}
