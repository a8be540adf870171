import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Who asks, as far as a lab without a login can tell: whoever shows the same credentials. Hashed,
 * so that it can be stored and logged.
 * @returns hex sha256 of the Authorization header, or 'anonymous'
 */
export function callerOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const { authorization } = headers;
  if (authorization === undefined) return 'anonymous';
  return createHash('sha256').update(authorization).digest('hex');
}
