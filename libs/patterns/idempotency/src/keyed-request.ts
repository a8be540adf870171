import { createHash } from 'node:crypto';
import { Failure } from '@indoubt/failure';
import canonicalize from 'canonicalize';
import { z } from 'zod';

/** A request that its client may retry. */
export interface KeyedRequest {
  /** The caller, method and route in which the key is unique. */
  scope: string;
  key: string;
  /** Hash of the method, path and body: equal for retries of the same request. */
  fingerprint: string;
}

export interface RequestParts {
  /** The caller, as the HTTP edge identifies it. */
  caller: string;
  method: string;
  /** The declared route, for example `/accounts/:customerId`: part of the scope of the key. */
  route: string;
  /** The requested path, without its query. */
  path: string;
  /** The validated body, so that two bodies with the same meaning are equal. */
  body: unknown;
}

// A structured-field string (RFC 8941, in quotes), as in the draft, or the bare text that most
// clients send. No character that must be escaped in a log or a URL.
const KEY = /^(?:"([\w.~:+/=@-]{1,255})"|([\w.~:+/=@-]{1,255}))$/;

/** The header Idempotency-Key in the OpenAPI document. */
export const idempotencyKey = z
  .string()
  .regex(KEY)
  .describe('The same key for each retry of a request, for example a UUID');

const EXPECTED = '1 to 255 letters, digits or any of - _ . ~ : + / = @, for example a UUID';

/**
 * Reads the header Idempotency-Key.
 * @returns undefined when the header is missing
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

/** The request as it is stored in the row of its key. Pure. */
export function keyedRequest(key: string, { caller, method, route, path, body }: RequestParts) {
  const text = [method, path, canonicalize(body ?? null) ?? ''].join('\n');
  const fingerprint = createHash('sha256').update(text).digest('hex');
  return { scope: `${caller} ${method} ${route}`, key, fingerprint };
}
