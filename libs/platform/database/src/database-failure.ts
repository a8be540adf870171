import { Failure } from '@indoubt/failure';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

/**
 * Whether Postgres undid the transaction so that another could go on: running it again is right.
 */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

const UNAVAILABLE = new RegExp(
  `^(${[
    '08...|53...|58...', // connection lost; out of memory, disk or connections; I/O errors
    '57P0[1-5]|57014|25P0[34]', // going down; one of our own time limits
    '25006|55P03', // read-only after a failover; a lock that could not be had
    '40001|40P01', // lost to another transaction, as often as we tried
    'ECONN\\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH',
  ].join('|')})$`,
);
const UNAVAILABLE_TEXT =
  /connection terminated|timeout exceeded when trying to connect|not queryable|query read timeout/i;

/** A lost or refused database becomes a Failure; anything else is passed on as it is. */
export function asFailure(error: unknown): unknown {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (!UNAVAILABLE.test(codeOf(error) ?? '') && !UNAVAILABLE_TEXT.test(text)) return error;
  return new Failure('database-unavailable', `The database did not answer: ${text}`, {
    cause: error,
  });
}

/** A value that does not fit its column, or a row that breaks a constraint. */
const IMPOSSIBLE = /^2[23]/;

/** Whether the database refused what it was to write: it would every time, and wrote nothing. */
export function isImpossible(error: unknown): boolean {
  return IMPOSSIBLE.test(codeOf(error) ?? '');
}

const LOCK_NOT_AVAILABLE = '55P03';

/** Whether a statement was given up because it waited too long for somebody else's lock. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error instanceof Failure ? error.cause : error) === LOCK_NOT_AVAILABLE;
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code: unknown = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
