import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ProblemCode } from '../problems/problem-code.ts';
import {
  InvalidRequest,
  PROBLEM_TYPE,
  problemOf,
  RefusedRequest,
} from '../problems/problem-details.ts';

// A client may go on sending before it reads: if the socket were closed at once, it would lose the
// answer.
const LINGER_MS = 1_000;

const answered = new WeakSet<Duplex>();

/**
 * Answers bytes that cannot be parsed, or a request that did not come in time. The connection ends,
 * since the start of the next request is unknown.
 * @param running responses of this server that have not ended
 */
export function refuseConnection(
  error: Error & { code?: string },
  socket: Duplex,
  running: ReadonlySet<ServerResponse>,
): void {
  if (answered.has(socket)) return; // the parser may report further errors
  answered.add(socket);
  const [begun] = [...running].filter((response) => response.socket === socket);
  const isTooLate = begun?.headersSent === true && !begun.req.complete;
  if (!socket.writable || isTooLate || error.code === 'ECONNRESET') {
    socket.destroy();
  } else if (begun?.req.complete === true) {
    // The answer of an earlier request of this connection goes first.
    begun.once('close', () => answer(error, socket));
  } else {
    answer(error, socket);
  }
}

function answer(error: Error & { code?: string }, socket: Duplex): void {
  if (socket.writable) socket.end(responseTo(error));
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** The bytes of the response. */
function responseTo(error: { code?: string }): string {
  const { body, headers } = problemOf(refusalOf(error.code));
  const text = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${text}`;
}

/** By the error code of Node's HTTP server or parser. Other codes mean bytes that are not HTTP. */
const REFUSALS: Readonly<Record<string, [code: ProblemCode, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: ['headers-too-large', 'The first line and headers are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [
    'body-too-large',
    'The chunk extensions of the body are too long.',
  ],
};

function refusalOf(code: string | undefined): Error {
  const known = REFUSALS[code ?? ''];
  if (known !== undefined) return new RefusedRequest(...known);
  return new InvalidRequest('The request is not valid HTTP/1.1.');
}
