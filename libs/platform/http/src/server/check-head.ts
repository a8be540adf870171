import type { IncomingMessage } from 'node:http';
import { InvalidRequest, RefusedRequest } from '../problems/problem-details.ts';

const HEADERS_MAX = 100;
/** One more than is allowed, so that too many are seen: the server itself drops what is beyond. */
export const HEADERS_READ_MAX = HEADERS_MAX + 1;
const URL_LENGTH_MAX = 4_096;

/** Two of these would be two meanings: one proxy would believe the first, the next the last. */
const ONCE = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'idempotency-key',
  'if-match',
  'request-timeout-ms',
  'traceparent',
  'transfer-encoding',
]);

/**
 * Refuses a request by its first line and headers alone.
 * @throws RefusedRequest, InvalidRequest (definite)
 */
export function checkHead(request: IncomingMessage): void {
  const { url = '', httpVersion, httpVersionMajor, rawHeaders, headers } = request;
  if (httpVersionMajor !== 1) throw new InvalidRequest('Only HTTP/1.1 and 1.0 are spoken here.');
  if (headers.host === undefined && httpVersion !== '1.0') {
    throw new InvalidRequest('The header Host is missing: HTTP/1.1 wants it.');
  }
  if (url.length > URL_LENGTH_MAX) {
    const detail = `The address has more than ${URL_LENGTH_MAX} characters: send less.`;
    throw new RefusedRequest('uri-too-long', detail);
  }
  // A name and a value each.
  if (rawHeaders.length > 2 * HEADERS_MAX) {
    const detail = `There are more than ${HEADERS_MAX} headers: send fewer.`;
    throw new RefusedRequest('headers-too-large', detail);
  }
  const { expect = '100-continue' } = headers;
  if (expect.toLowerCase() !== '100-continue') {
    throw new RefusedRequest('expectation-failed', 'Expect knows nothing but 100-continue here.');
  }
  checkAddress(url);
  checkNames(rawHeaders);
}

function checkAddress(url: string): void {
  if (!url.includes('%')) return;
  try {
    // Undecodable here would be replacement characters in the query.
    decodeURIComponent(url);
  } catch {
    throw new InvalidRequest('The address cannot be read: check the % in its path and query.');
  }
}

function checkNames(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (seen.has(name) && ONCE.has(name)) {
      throw new InvalidRequest(`The header ${name} is there twice: send it once.`);
    }
    seen.add(name);
  }
}
