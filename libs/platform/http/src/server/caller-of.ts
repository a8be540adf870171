import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * The caller of a request. The lab has no login, so requests with the same credentials have the
 * same caller. The credentials are hashed, so that the caller can be stored and logged.
 * @returns hex sha256 of the Authorization header, or 'anonymous'
 */
export function callerOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const { authorization } = headers;
  if (authorization === undefined) return 'anonymous';
  return createHash('sha256').update(authorization).digest('hex');
}
