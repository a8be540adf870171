import { connect, type Socket } from 'node:net';
import { problem } from '@indoubt/contracts';
import type { BadRequest } from './bad-request.ts';

/** An answer as it came over the wire. */
export interface WireAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

const WITHIN_MS = 20_000;
const TRICKLE_MS = 100;

/**
 * Sends the bytes to a server and reads the first answer.
 * @returns null if the connection ended or the time was up before a whole answer had come
 */
export function sendBadRequest(
  url: string,
  { bytes, after }: Pick<BadRequest, 'bytes' | 'after'>,
): Promise<WireAnswer | null> {
  const { hostname, port } = new URL(url);
  const signal = AbortSignal.timeout(WITHIN_MS);
  const socket = connect({ host: hostname, port: Number(port), signal, allowHalfOpen: true });
  const trickle = setInterval(() => {
    if (typeof after === 'object' && socket.writable) socket.write(after.every100Ms);
  }, TRICKLE_MS);
  return new Promise((resolve) => {
    const finish = (answer: WireAnswer | null): void => {
      clearInterval(trickle);
      socket.destroy();
      resolve(answer);
    };
    const received: Buffer[] = [];
    socket.on('data', (piece) => {
      received.push(piece);
      const answer = answerIn(Buffer.concat(received));
      if (answer !== null) finish(answer);
    });
    // A server that has answered may close the connection while we still send.
    socket.on('error', () => undefined).on('close', () => finish(null));
    socket.on('end', () => finish(null));
    write(socket, bytes, after);
  });
}

function write(socket: Socket, bytes: Buffer, after: BadRequest['after']): void {
  if (after === 'end') socket.end(bytes);
  else socket.write(bytes);
}

/** The answer, or null while it is not complete. An interim reply (1xx) before it is left out. */
function answerIn(received: Buffer): WireAnswer | null {
  const text = received.toString('utf8').replace(/^(HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n)+/, '');
  const [, head, body = ''] = /^([\s\S]*?)\r\n\r\n([\s\S]*)$/.exec(text) ?? [];
  if (head === undefined) return null;
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toLowerCase(), value.join(':').trim()];
    }),
  );
  const isWhole = Buffer.byteLength(body) >= Number(headers['content-length'] ?? 0);
  return isWhole ? { status: Number(first.split(' ')[1]), headers, body } : null;
}

const STACK = /\bat .+:\d+:\d+|node_modules|\.ts:\d+|\bnode:internal\b/;
const REFUSED = 400;
const BROKEN = 500;

/**
 * Checks an answer to a malformed request. It must be a problem document with a status of 400 to
 * 499 and the right code. It must say that nothing happened, and show no stack trace or path.
 * @returns the objection, undefined for a correct answer
 */
export function objection({ code }: BadRequest, answer: WireAnswer | null): string | undefined {
  if (answer === null) return 'no answer';
  const { status, headers, body } = answer;
  const says = `${status} ${body.slice(0, 300)}`;
  if (status < REFUSED || status >= BROKEN) return `no refusal: ${says}`;
  if (STACK.test(body)) return `shows internals of the service: ${says}`;
  if (headers['content-type']?.startsWith('application/problem+json') !== true) {
    return `no problem document (${headers['content-type'] ?? 'no type'}): ${says}`;
  }
  const parsed = problem.safeParse(json(body));
  if (!parsed.success) return `a problem that does not fit its schema: ${says}`;
  const { data } = parsed;
  if (data.status !== status) return `another status in the document: ${says}`;
  if (data.code !== code) return `not ${code}: ${says}`;
  if (data.type !== `/problems/${code}`) return `a type of its own: ${says}`;
  return data.certainty === 'definite' ? undefined : `leaves it open: ${says}`;
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
