import { type BadRequest, requestTo, type Target } from './bad-request.ts';

type Raw = readonly (readonly [what: string, text: string | Buffer])[];

/** Bytes that are not HTTP/1.1. Characters beyond ASCII are sent in latin1. */
const NOT_HTTP: Raw = [
  ['a greeting', 'hello\r\n\r\n'],
  ['the greeting of SSH', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
  ['the start of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['the start of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a Redis command', '*1\r\n$4\r\nPING\r\n'],
  ['the start of Postgres', '\0\0\0\x08\x04\xd2\x16\x2f'],
  ['bytes that are not ASCII', '\x80\x81\x82\x83\r\n\r\n'],
  ['NULs', '\0'.repeat(64)],
  ['a method alone', 'GET\r\n\r\n'],
  ['no address', 'GET HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['an address before the method', '/healthz GET HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['an invalid version', 'GET /healthz HTTP/x.y\r\nHost: a\r\n\r\n'],
  ['an unknown version', 'GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n'],
  ['a version in small letters', 'GET /healthz http/1.1\r\nHost: a\r\n\r\n'],
  ['another protocol', 'GET /healthz SIP/2.0\r\nHost: a\r\n\r\n'],
  ['a method in small letters', 'get /healthz HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['an unknown method', 'FROB /healthz HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a method of 5,000 letters', `${'G'.repeat(5_000)} / HTTP/1.1\r\nHost: a\r\n\r\n`],
  ['a space before the method', ' GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a header without a colon', 'GET /healthz HTTP/1.1\r\nHost: a\r\nnote\r\n\r\n'],
  [
    'a header continued on the next line',
    'GET /healthz HTTP/1.1\r\nHost: a\r\nx-note: a\r\n b\r\n\r\n',
  ],
  ['a space before the first header', 'GET /healthz HTTP/1.1\r\n Host: a\r\n\r\n'],
  ['lines that end in a carriage return', 'GET /healthz HTTP/1.1\rHost: a\r\r'],
];

/** Bodies that follow the head of a request with a chunked body. */
const CHUNKS: Raw = [
  ['a size that is a word', 'five\r\nhello\r\n0\r\n\r\n'],
  ['a size below zero', '-5\r\nhello\r\n0\r\n\r\n'],
  ['a size with 0x', '0x5\r\nhello\r\n0\r\n\r\n'],
  ['a size that is too large for a number', `${'f'.repeat(20)}\r\nhello\r\n0\r\n\r\n`],
  ['no size', '\r\nhello\r\n0\r\n\r\n'],
  ['a chunk longer than its size', '2\r\nhello\r\n0\r\n\r\n'],
  ['no line break after a chunk', '5\r\nhello0\r\n\r\n'],
  ['an invalid header after the chunks', '5\r\n"hel"\r\n0\r\nnote\r\n\r\n'],
  ['chunks that are not JSON', '5\r\nhello\r\n0\r\n\r\n'],
];

/** Bytes that are not a request in HTTP/1.1, and requests that stop in the middle. */
export function badFraming(target: Target): BadRequest[] {
  const whole = requestTo(target, {});
  const head = requestTo(target, { body: null, headers: { 'transfer-encoding': 'chunked' } });
  const bytes = (text: string | Buffer) =>
    typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  const large = `${(70_000).toString(16)}\r\n${' '.repeat(70_000)}\r\n0\r\n\r\n`;
  const longNames = `1;${'a'.repeat(20_000)}=1\r\n1\r\n0\r\n\r\n`;
  return [
    ...NOT_HTTP.map(([what, text]) => ({
      what: `no HTTP: ${what}`,
      code: 'invalid-request',
      bytes: bytes(text),
      // Some of these bytes may be the start of a request: the client must end its side.
      after: 'end' as const,
    })),
    ...CHUNKS.map(([what, text]) => ({
      what: `chunks: ${what}`,
      code: 'invalid-request',
      bytes: Buffer.concat([head, bytes(text)]),
    })),
    { what: 'chunks: too many', code: 'body-too-large', bytes: join(head, large) },
    { what: 'chunks: endless extensions', code: 'body-too-large', bytes: join(head, longNames) },
    ...truncated(whole, head),
  ];
}

function truncated(whole: Buffer, chunked: Buffer): BadRequest[] {
  const end = { code: 'invalid-request', after: 'end' } as const;
  return [
    { ...end, what: 'cut off: in the first line', bytes: whole.subarray(0, 9) },
    { ...end, what: 'cut off: in a header', bytes: whole.subarray(0, 60) },
    { ...end, what: 'cut off: before the body', bytes: whole.subarray(0, endOfHead(whole)) },
    { ...end, what: 'cut off: in the body', bytes: whole.subarray(0, whole.length - 5) },
    { ...end, what: 'cut off: before the first chunk', bytes: chunked },
    { ...end, what: 'cut off: in a chunk', bytes: join(chunked, '10\r\n{"cust') },
    { ...end, what: 'cut off: before the last chunk', bytes: join(chunked, '2\r\n{}\r\n') },
  ];
}

/** Requests that never end. A server cuts off a head after 5 s, and a whole request after 10 s. */
export function slowRequests(target: Target): BadRequest[] {
  const whole = requestTo(target, {});
  const chunked = requestTo(target, { body: null, headers: { 'transfer-encoding': 'chunked' } });
  const late = { code: 'request-timeout' };
  const headOf = whole.subarray(0, endOfHead(whole));
  const ever = (more: string) => ({ ...late, after: { every100Ms: more } });
  return [
    { ...late, what: 'slow: half of a first line', bytes: whole.subarray(0, 9) },
    { ...late, what: 'slow: half of its headers', bytes: headOf.subarray(0, -2) },
    { ...late, what: 'slow: no body', bytes: headOf },
    { ...late, what: 'slow: half of a body', bytes: whole.subarray(0, whole.length - 5) },
    { ...late, what: 'slow: no chunk', bytes: chunked },
    { ...late, what: 'slow: half of a chunk', bytes: join(chunked, '10\r\n{"cust') },
    { ...late, what: 'slow: chunks that never end', bytes: join(chunked, '1\r\n ') },
    { ...ever('x-note: a\r\n'), what: 'slow: ever more headers', bytes: headOf.subarray(0, -2) },
    { ...ever('1\r\n \r\n'), what: 'slow: ever more chunks', bytes: chunked },
    { ...ever('a'), what: 'slow: a first line, letter by letter', bytes: Buffer.from('GET /') },
  ];
}

function join(head: Buffer, text: string): Buffer {
  return Buffer.concat([head, Buffer.from(text)]);
}

function endOfHead(request: Buffer): number {
  return request.indexOf('\r\n\r\n') + 4;
}
