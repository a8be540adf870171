import { connect } from 'node:net';

/** The bytes received over a connection until it was closed. */
export interface RawAnswer {
  /** All bytes, including interim answers. */
  text: string;
  /** The status of the last answer; 0 without an answer. */
  status: number;
  headers: Record<string, string>;
  body: string;
}

const ANSWER_WITHIN_MS = 5_000;

/**
 * For tests: sends exactly these bytes, which no HTTP client would send, and reads until the server
 * closes the connection.
 * @param more what the sender does next: closes its half, or keeps it open and sends nothing
 */
export async function rawRequest(
  port: number,
  bytes: string | Uint8Array,
  more: 'ends' | 'stays' = 'stays',
): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy(new Error('no end of the answer')));
  socket.write(bytes);
  if (more === 'ends') socket.end();
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return answerIn(Buffer.concat(chunks).toString());
}

function answerIn(text: string): RawAnswer {
  const starts = [...text.matchAll(/HTTP\/1\.1 \d{3} /g)].map(({ index }) => index);
  const last = text.slice(starts.at(-1) ?? 0);
  const [head = '', ...rest] = last.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => {
    const [name = '', value = ''] = line.split(/:\s*(.*)/);
    return [name.toLowerCase(), value];
  });
  const status = Number(first.split(' ')[1] ?? 0);
  return { text, status, headers: Object.fromEntries(headers), body: rest.join('\r\n\r\n') };
}
