/**
 * The type of an error, with few possible values: the code of a Failure, of Postgres (its SQLSTATE)
 * or of Node; else the name of the error's class.
 * @see opentelemetry.io/docs/specs/semconv/registry/attributes/error (`error.type`)
 */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return '_OTHER';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
