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
  // The lab could not do its work.
  'infrastructure-unavailable': 'definite',
  'lab-failed': 'definite',
  interrupted: 'definite',
  // Nobody can say whether it happened.
  'database-unavailable': 'indefinite',
  'broker-unavailable': 'indefinite',
  'service-unavailable': 'indefinite',
  'timed-out': 'indefinite',
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
