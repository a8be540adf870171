import { Failure } from '@indoubt/failure';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

/**
 * Whether Postgres rolled the transaction back because of another transaction: it may be retried.
 */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === SERIALIZATION_FAILURE || code === DEADLOCK_DETECTED;
}

const UNAVAILABLE = new RegExp(
  `^(${[
    '08...|53...|58...', // connection lost; out of memory, disk or connections; I/O errors
    '57P0[1-5]|57014|25P0[34]', // shutting down; a time-out of createPool
    '25006|55P03', // read-only after a failover; a lock time-out
    '40001|40P01', // a conflict in the last attempt
    'ECONN\\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH',
  ].join('|')})$`,
);
const UNAVAILABLE_TEXT =
  /connection terminated|timeout exceeded when trying to connect|not queryable|query read timeout/i;

/** The error of an unavailable database as a Failure; any other error unchanged. */
export function asFailure(error: unknown): unknown {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (!UNAVAILABLE.test(codeOf(error) ?? '') && !UNAVAILABLE_TEXT.test(text)) return error;
  return new Failure('database-unavailable', `The database did not answer: ${text}`, {
    cause: error,
  });
}

/** Classes of SQLSTATE: a value that does not fit its column, a row that violates a constraint. */
const IMPOSSIBLE = /^2[23]/;

/** Whether the database refuses the row itself: a retry would fail again. Nothing was written. */
export function isImpossible(error: unknown): boolean {
  return IMPOSSIBLE.test(codeOf(error) ?? '');
}

const LOCK_NOT_AVAILABLE = '55P03';

/** Whether a statement failed because it waited too long for a lock. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error instanceof Failure ? error.cause : error) === LOCK_NOT_AVAILABLE;
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code: unknown = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
