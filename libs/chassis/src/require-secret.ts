import { createHash, timingSafeEqual } from 'node:crypto';
import { Failure } from '@indoubt/failure';
import type { RequestHandler } from 'express';

/**
 * Lets a request pass that bears the secret. For what services say to each other: nobody else may
 * commit or abort.
 */
export function requireSecret(secret: string): RequestHandler {
  const expected = digest(`Bearer ${secret}`);
  return (request, _response, next) => {
    // Digests have one length, so that the comparison tells nothing about the secret by its time.
    if (timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) return next();
    throw new Failure('not-allowed', 'Send Authorization: Bearer and the secret of this lab.');
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
