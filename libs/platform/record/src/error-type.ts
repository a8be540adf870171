/**
 * What went wrong, as a word of few: the code of a Failure, of Postgres (its SQLSTATE), of Node; or
 * the kind of error.
 * @see opentelemetry.io/docs/specs/semconv/registry/attributes/error (`error.type`)
 */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return '_OTHER';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
