import type { z } from 'zod';
import { InvalidRequest, type RequestError } from '../problems/problem-details.ts';

// A body with thousands of wrong lines must not get an answer with thousands of errors.
const ERRORS_MAX = 20;

/**
 * Parses one part of a request by its schema.
 * @param part its name for error messages: body, query or path
 * @throws InvalidRequest (definite) with each place that does not fit
 */
export function fit<Schema extends z.ZodType>(
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
