import type { IncomingMessage } from 'node:http';
import { InvalidRequest, RefusedRequest } from '../problems/problem-details.ts';

const HEADERS_MAX = 100;
/**
 * The server reads the allowed number of headers and one extra header. The server drops all further
 * headers, so only the extra header shows that a request has too many.
 */
export const HEADERS_READ_MAX = HEADERS_MAX + 1;
const URL_LENGTH_MAX = 4_096;

/** Headers that may come once: of two values a proxy may read the first, the service the last. */
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
  if (httpVersionMajor !== 1) throw new InvalidRequest('This server reads only HTTP/1.1 and 1.0.');
  if (headers.host === undefined && httpVersion !== '1.0') {
    throw new InvalidRequest('The header Host is missing: HTTP/1.1 requires it.');
  }
  if (url.length > URL_LENGTH_MAX) {
    const detail = `The address has more than ${URL_LENGTH_MAX} characters: send less.`;
    throw new RefusedRequest('uri-too-long', detail);
  }
  // The array has the name and the value of each header.
  if (rawHeaders.length > 2 * HEADERS_MAX) {
    const detail = `There are more than ${HEADERS_MAX} headers: send fewer.`;
    throw new RefusedRequest('headers-too-large', detail);
  }
  const { expect = '100-continue' } = headers;
  if (expect.toLowerCase() !== '100-continue') {
    throw new RefusedRequest('expectation-failed', 'The header Expect may only be 100-continue.');
  }
  checkAddress(url);
  checkNames(rawHeaders);
}

function checkAddress(url: string): void {
  if (!url.includes('%')) return;
  try {
    // The parser of the query would put replacement characters in place of wrong bytes.
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
      throw new InvalidRequest(`The header ${name} comes twice: send it once.`);
    }
    seen.add(name);
  }
}
