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

// 08 connection exception, 53 insufficient resources (disk, memory, connections), 57P server going
// down, 57014 our own statement time-out; the rest are the socket's words.
const UNAVAILABLE =
  /^(08...|53...|57P0[1-5]|57014|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/;
const UNAVAILABLE_TEXT =
  /connection terminated|timeout exceeded when trying to connect|not queryable/i;

/** A lost or refused database becomes a Failure; anything else is passed on as it is. */
export function asFailure(error: unknown): unknown {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (!UNAVAILABLE.test(codeOf(error) ?? '') && !UNAVAILABLE_TEXT.test(text)) return error;
  return new Failure('database-unavailable', `The database did not answer: ${text}`, {
    cause: error,
  });
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code: unknown = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
