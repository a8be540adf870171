import { Failure, type FailureCode } from '@indoubt/failure';

/** The time for the answer is over; the connection has no error. */
export class OutOfTime extends Error {
  /** Whether there was much less time than usual. */
  readonly isHurried: boolean;

  constructor(isHurried: boolean) {
    super('no answer in time');
    this.isHurried = isHurried;
  }
}

const NEVER_LEFT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|E(HOST|NET)UNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** The failure of a request without an answer: definite only if no connection was opened. */
export function unanswered(what: string, error: unknown): Failure {
  if (error instanceof OutOfTime) {
    return new Failure('timed-out', `${what}: ${error.message}`, { cause: error });
  }
  const code = codeOf(error);
  if (NEVER_LEFT.test(code)) {
    return new Failure('not-reached', `${what}: no connection (${code})`, { cause: error });
  }
  const why = error instanceof Error ? error.message : String(error);
  return new Failure('service-unavailable', `${what}: no answer (${why})`, { cause: error });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** An answer; `body` is null when it is not JSON. */
export interface Answered {
  status: number;
  body: unknown;
  /** The Retry-After header: whole seconds, or a date. */
  retryAfter: unknown;
}

/**
 * The failure of an answer of 400 or more. An unknown code is indefinite; every refusal is
 * definite.
 */
export function refused(what: string, { status, body, retryAfter }: Answered): Failure {
  const { code, detail } = problemIn(body);
  const meant = status === TOO_MANY ? 'overloaded' : 'service-unavailable';
  const known = KNOWN.find((each) => each === code) ?? meant;
  const says = typeof detail === 'string' ? detail : `answered ${status} without a known reason`;
  const options = { retryAfterMs: retryAfterMs(retryAfter, Date.now()) };
  return new Failure(known, `${what}: ${says}`, options);
}

/** The status alone says that the request was not handled. */
const TOO_MANY = 429;

function problemIn(body: unknown): { code?: unknown; detail?: unknown } {
  return typeof body === 'object' && body !== null ? body : {};
}

/** @returns milliseconds from `now`; 0 for no header, or one that cannot be read */
export function retryAfterMs(header: unknown, now: number): number {
  if (typeof header !== 'string' || header === '') return 0;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/**
 * Codes with the same meaning for the caller. Not the codes about a hop further on: the
 * 'not-reached' of a target is about another target.
 */
const KNOWN: FailureCode[] = [
  'invalid-request',
  'not-found',
  'not-allowed',
  'superseded',
  'stood-down',
  'database-unavailable',
  'overloaded',
  'payment-declined',
  'already-undone',
  'idempotency-key-missing',
  'idempotency-key-reused',
  'idempotency-key-in-use',
];
