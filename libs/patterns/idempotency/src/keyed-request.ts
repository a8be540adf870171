import { createHash } from 'node:crypto';
import { Failure } from '@indoubt/failure';
import canonicalize from 'canonicalize';
import { z } from 'zod';

/** A request that its client may repeat. */
export interface KeyedRequest {
  /** Whose keys they are, and for what: one caller's key means nothing to another, or elsewhere. */
  scope: string;
  key: string;
  /** Of the method, path and body: what must be the same for the request to be the same. */
  fingerprint: string;
}

export interface RequestParts {
  /** The caller, as the HTTP edge knows it. */
  caller: string;
  method: string;
  /** As declared, e.g. `/orders`: the scope of a key. */
  route: string;
  /** As requested, without its query. */
  path: string;
  /** After it was validated: what means the same is the same. */
  body: unknown;
}

// A structured-field string (RFC 8941, in quotes), as the draft has it, or the bare text that
// everybody sends. Nothing that would have to be escaped in a log or a URL.
const KEY = /^(?:"([\w.~:+/=@-]{1,255})"|([\w.~:+/=@-]{1,255}))$/;

/** The header Idempotency-Key, as an API's document has it. */
export const idempotencyKey = z
  .string()
  .regex(KEY)
  .describe('The same again when the same request is repeated; a UUID does well');

const EXPECTED = '1 to 255 letters, digits or any of - _ . ~ : + / = @; a UUID does well';

/**
 * Reads the header Idempotency-Key.
 * @returns undefined when it is not there
 * @throws Failure 'invalid-request' (definite)
 */
export function readKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [, quoted, bare] = KEY.exec(header) ?? [];
  const key = quoted ?? bare;
  if (key !== undefined) return key;
  throw new Failure('invalid-request', `Idempotency-Key cannot be read: send ${EXPECTED}.`);
}

/** @throws Failure 'idempotency-key-missing', 'invalid-request' (definite) */
export function requireKey(header: string | undefined): string {
  const key = readKey(header);
  if (key !== undefined) return key;
  const what = 'This request needs an Idempotency-Key, so that you can repeat it safely.';
  throw new Failure('idempotency-key-missing', `${what} Send ${EXPECTED}.`);
}

/** The request as its key's row knows it. Pure. */
export function keyedRequest(key: string, { caller, method, route, path, body }: RequestParts) {
  const text = [method, path, canonicalize(body ?? null) ?? ''].join('\n');
  const fingerprint = createHash('sha256').update(text).digest('hex');
  return { scope: `${caller} ${method} ${route}`, key, fingerprint };
}
