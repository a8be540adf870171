import { type Certainty, Failure, type FailureCode } from '@indoubt/failure';

/** What HTTP itself refuses, or a bug of ours: no failure of the domain, so no Failure. */
type EdgeCode =
  | 'method-not-allowed'
  | 'body-too-large'
  | 'unsupported-media-type'
  | 'internal-error';
export type ProblemCode = FailureCode | EdgeCode;

/** RFC 9457, with our failure code and whether it may have happened. */
export interface ProblemDetails {
  /**
   * A name, not an address: `urn:in-doubt:problem:` and the code, which the documentation explains.
   */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  certainty: Certainty;
  errors?: RequestError[];
}

export interface RequestError {
  /** Where in the body or query, as in `lines.0.quantity`; empty for the whole. */
  path: string;
  message: string;
}

export interface ProblemAnswer {
  body: ProblemDetails;
  headers: Record<string, string>;
}

/** The only place that knows HTTP's numbers for our failures. */
const PROBLEMS = {
  'invalid-request': [400, 'The request is not valid'],
  'malformed-message': [400, 'The message cannot be read'],
  'not-allowed': [401, 'The secret is missing or wrong'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'This method is not allowed here'],
  'insufficient-stock': [409, 'Not enough stock'],
  'payment-declined': [409, 'The payment was declined'],
  'already-undone': [409, 'Already undone'],
  'transaction-aborted': [409, 'The transaction was aborted'],
  'idempotency-key-missing': [400, 'The idempotency key is missing'],
  'idempotency-key-in-use': [409, 'Another request with this key is under way'],
  'credit-limit-in-use': [409, 'More than that is in use'],
  'precondition-failed': [412, 'It has changed meanwhile'],
  'precondition-required': [428, 'Say which version you have read'],
  'idempotency-key-reused': [422, 'The key belongs to another request'],
  overloaded: [503, 'Too much waits already'],
  'payment-unavailable': [503, 'Cards cannot be charged now'],
  'breaker-open': [503, 'The breaker is open'],
  'bulkhead-full': [503, 'Too many wait for the same service'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be JSON'],
  'unknown-customer': [422, 'Unknown customer'],
  'unknown-sku': [422, 'Unknown product'],
  'internal-error': [500, 'The service has a bug'],
  'invalid-config': [500, 'The service is misconfigured'],
  'lab-failed': [500, 'The lab failed'],
  interrupted: [503, 'Interrupted'],
  'infrastructure-unavailable': [503, 'The infrastructure is not available'],
  'database-unavailable': [503, 'The database is not available'],
  'broker-unavailable': [503, 'The broker is not available'],
  'service-unavailable': [503, 'The service is not available'],
  'not-reached': [503, 'Not reached'],
  'stood-down': [503, 'Another coordinator has taken over'],
  'timed-out': [503, 'No answer in time'],
  'fault-injected': [503, 'A fault was injected'],
  'in-doubt': [503, 'In doubt: prepared, and not decided'],
  superseded: [503, 'Another coordinator has taken over'],
} as const satisfies Record<ProblemCode, readonly [number, string]>;

const UNAVAILABLE = 503;
// Not for what is in doubt: it must not be asked for again, but looked at.
// Long enough for a restarted part to be back more often than not; the caller repeats with the same
// key.
const RETRY_AFTER_S = '1';

/** A request that does not fit its schema: where, and why. */
export class InvalidRequest extends Failure {
  readonly errors: RequestError[];

  constructor(detail: string, errors: RequestError[]) {
    super('invalid-request', detail);
    this.errors = errors;
  }
}

/** A request that HTTP itself refuses, before any code of a service has seen it. */
export class RefusedRequest extends Error {
  readonly code: EdgeCode;
  readonly headers: Record<string, string>;

  constructor(code: EdgeCode, detail: string, headers: Record<string, string> = {}) {
    super(detail);
    this.code = code;
    this.headers = headers;
  }
}

/**
 * Any thrown value as a problem document. Of what is not expected nothing is told but that it
 * happened.
 */
export function problemOf(error: unknown): ProblemAnswer {
  if (error instanceof InvalidRequest) return answer(error.code, error.message, 'definite', error);
  if (error instanceof Failure) return answer(error.code, error.message, error.certainty);
  if (error instanceof RefusedRequest) {
    return answer(error.code, error.message, 'definite', { headers: error.headers });
  }
  const refused = bodyProblem(error);
  if (refused !== undefined) return answer(...refused, 'definite');
  const detail = 'Something unexpected happened; it is in the log. Ask again with the same key.';
  return answer('internal-error', detail, 'indefinite');
}

/** Express and its body parser throw errors that carry a `type` and a `status` of their own. */
function bodyProblem(error: unknown): [ProblemCode, string] | undefined {
  const { type, status, limit } = (error ?? {}) as Record<string, unknown>;
  if (type === 'entity.too.large') {
    return ['body-too-large', `The body has more than ${String(limit)} bytes: send less.`];
  }
  if (type === 'entity.parse.failed') return ['invalid-request', 'The body is not valid JSON.'];
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return ['unsupported-media-type', 'The body must be JSON in UTF-8, plain or gzip.'];
  }
  const refused = typeof status === 'number' && status >= 400 && status < 500;
  return refused
    ? ['invalid-request', 'The request cannot be read: check path and body.']
    : undefined;
}

function answer(
  code: ProblemCode,
  detail: string,
  certainty: Certainty,
  more: { headers?: Record<string, string>; errors?: RequestError[] } = {},
): ProblemAnswer {
  const [status, title] = PROBLEMS[code];
  const type = `urn:in-doubt:problem:${code}`;
  const errors = more.errors === undefined ? {} : { errors: more.errors };
  const retry: Record<string, string> =
    status === UNAVAILABLE && code !== 'in-doubt' ? { 'Retry-After': RETRY_AFTER_S } : {};
  return {
    body: { type, title, status, detail, code, certainty, ...errors },
    headers: { ...retry, ...more.headers },
  };
}
