import type { z } from 'zod';
import { InvalidRequest, type RequestError } from './problem-details.ts';

// A body of thousands of wrong lines must not become an answer of thousands of errors.
const ERRORS_MAX = 20;

/**
 * The request's JSON body, as its schema has it.
 * @throws InvalidRequest (definite) with each place that does not fit
 */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  request: { body?: unknown },
): z.output<Schema> {
  return fit('body', schema, request.body);
}

/**
 * The request's query parameters, as their schema has them; each is a string, or a list when
 * repeated.
 * @throws InvalidRequest (definite) with each place that does not fit
 */
export function parseQuery<Schema extends z.ZodType>(
  schema: Schema,
  request: { query: unknown },
): z.output<Schema> {
  return fit('query', schema, request.query);
}

function fit<Schema extends z.ZodType>(
  part: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  if (value === undefined) {
    const message = `The ${part} is missing: send JSON with Content-Type application/json.`;
    throw new InvalidRequest(message, [{ path: '', message }]);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues
    .slice(0, ERRORS_MAX)
    .map(({ path, message }): RequestError => ({ path: path.map(String).join('.'), message }));
  const [first] = errors;
  const where = first?.path ? `${part} at ${first.path}` : part;
  throw new InvalidRequest(`The ${where} does not fit: ${first?.message ?? 'wrong'}`, errors);
}
