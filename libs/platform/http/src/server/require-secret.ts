import { createHash, timingSafeEqual } from 'node:crypto';
import { RefusedRequest } from '../problems/problem-details.ts';

/**
 * Admits only requests with the secret, for requests between services: no other client may commit
 * or abort.
 * @returns a check of a request's Authorization header
 * @throws (the check) RefusedRequest 'not-allowed' (definite)
 */
export function requireSecret(secret: string): (authorization: string | undefined) => void {
  const expected = digest(`Bearer ${secret}`);
  return (authorization) => {
    // Digests have one length, so the time of the comparison does not depend on the secret.
    if (timingSafeEqual(digest(authorization ?? ''), expected)) return;
    throw new RefusedRequest(
      'not-allowed',
      'Send Authorization: Bearer and the secret of this lab.',
      { 'WWW-Authenticate': 'Bearer' },
    );
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
