import { problem } from '@indoubt/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../process/log.ts';
import { createApp } from './http-server.ts';
import { type Listening, listen } from './listen.ts';
import { rawRequest } from './raw-request.ts';
import { route } from './route.ts';

let server: Listening;
const some = { answers: { 200: z.unknown() }, problems: [] };
const seen: unknown[] = [];

beforeAll(async () => {
  const app = createApp({
    name: 'test',
    log: createLog({ service: 'test', level: 'silent' }),
    ready: () => Promise.resolve({}),
    routes: [
      route(
        { ...some, method: 'POST', path: '/echo', summary: 'echo', body: z.unknown() },
        ({ body, response }) => {
          seen.push(body);
          response.json(body);
        },
      ),
      route(
        {
          ...some,
          method: 'GET',
          path: '/things/:id',
          summary: 'thing',
          params: z.object({ id: z.string().max(8) }),
          query: z.strictObject({ n: z.coerce.number().optional() }),
        },
        ({ params, query, response }) => response.json({ ...params, ...query }),
      ),
    ],
  });
  const within = { headersWithinMs: 300, requestWithinMs: 600 };
  server = await listen(app, { host: '127.0.0.1', port: 0, ...within });
});
afterAll(() => server.close());

const head = (first: string, ...headers: string[]) =>
  [`${first} HTTP/1.1`, 'Host: test', ...headers, '', ''].join('\r\n');
const last = 'Connection: close';
const get = (path: string, ...headers: string[]) => head(`GET ${path}`, last, ...headers);

function post(body: string | Uint8Array, ...headers: string[]) {
  const bytes = Buffer.from(body);
  const types = headers.some((header) => /^content-type:/i.test(header)) ? [] : [JSON_TYPE];
  const length = `Content-Length: ${bytes.length}`;
  const lines = head('POST /echo', last, length, ...types, ...headers);
  return Buffer.concat([Buffer.from(lines), bytes]);
}
const JSON_TYPE = 'Content-Type: application/json';
const CHUNKED = 'Transfer-Encoding: chunked';
const long = (length: number) => 'x'.repeat(length);

type Case = [code: string, status: number, what: string, bytes: string | Uint8Array];

const HEADS: Case[] = [
  ['invalid-request', 400, 'no HTTP', 'hello\r\n\r\n'],
  ['invalid-request', 400, 'no Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['invalid-request', 400, 'an unknown method', head('BREW /things/1')],
  ['invalid-request', 400, 'a bad % in the path', get('/things/%E0%A4%A')],
  ['invalid-request', 400, 'bad UTF-8 in the query', get('/things/1?n=%ff')],
  ['invalid-request', 400, 'a parameter that nobody knows', get('/things/1?m=1')],
  ['not-found', 404, 'an unknown path', get('/nowhere')],
  ['not-found', 404, 'a path parameter that fits nothing', get('/things/123456789')],
  ['method-not-allowed', 405, 'another method', head('DELETE /things/1', last)],
  ['method-not-allowed', 405, 'TRACE', head('TRACE /things/1', last)],
  ['not-acceptable', 406, 'only HTML accepted', get('/things/1', 'Accept: text/html')],
  ['uri-too-long', 414, 'a long query', get(`/things/1?n=${long(5_000)}`)],
  ['expectation-failed', 417, 'another Expect', get('/things/1', 'Expect: cookies')],
  ['headers-too-large', 431, 'a long header', get('/things/1', `X-Long: ${long(20_000)}`)],
  ['headers-too-large', 431, 'a long first line', get(`/${long(20_000)}`)],
  ['headers-too-large', 431, 'many headers', get('/things/1', ...Array(120).fill('X-Many: 1'))],
  ['invalid-request', 400, 'two secrets', get('/things/1', 'Authorization: a', 'authorization: b')],
  ['request-timeout', 408, 'half a head', 'GET /things/1 HTTP/1.1\r\nHost: t'],
  ['request-timeout', 408, 'nothing at all', ''],
];
const BODIES: Case[] = [
  ['invalid-request', 400, 'not JSON', post('{')],
  ['invalid-request', 400, 'bad UTF-8', post(Buffer.from([0x22, 0xc3, 0x28, 0x22]))],
  ['invalid-request', 400, 'one name twice', post('{"a":1,"a":2}')],
  ['invalid-request', 400, 'a NUL', post('"a\\u0000"')],
  ['invalid-request', 400, 'two lengths', post('{}', 'Content-Length: 3')],
  ['invalid-request', 400, 'two types', post('{}', JSON_TYPE, 'Content-Type: application/json')],
  ['invalid-request', 400, 'two keys', post('{}', 'Idempotency-Key: a', 'Idempotency-Key: b')],
  ['invalid-request', 400, 'length and chunks', post('{}', CHUNKED)],
  ['invalid-request', 400, 'chunks not last', head('POST /echo', JSON_TYPE, `${CHUNKED}, gzip`)],
  ['invalid-request', 400, 'bad chunks', `${head('POST /echo', JSON_TYPE, CHUNKED)}zz\r\n`],
  ['body-too-large', 413, 'a long body', post(`"${long(65_536)}"`)],
  ['unsupported-media-type', 415, 'text', post('{}', 'Content-Type: text/plain')],
  ['unsupported-media-type', 415, 'UTF-16', post('{}', `${JSON_TYPE}; charset=utf-16`)],
  ['unsupported-media-type', 415, 'a zip', post('{}', 'Content-Encoding: gzip')],
  ['request-timeout', 408, 'half a body', head('POST /echo', JSON_TYPE, 'Content-Length: 9')],
];

test.each([...HEADS, ...BODIES])(
  'the edge answers %s with %i when the request has %s',
  async (code, status, _what, bytes) => {
    const answer = await rawRequest(server.port, bytes);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    const refusal = problem.parse(JSON.parse(answer.body));
    expect(refusal).toMatchObject({ code, status, type: `/problems/${code}` });
    expect(answer.text).not.toMatch(/node_modules|\.ts:/);
    expect(seen).toEqual([]);
  },
);

test('a body that ends before its Content-Length is answered 400', async () => {
  const half = `${head('POST /echo', JSON_TYPE, 'Content-Length: 9')}{"a"`;
  expect(await rawRequest(server.port, half, 'ends')).toMatchObject({ status: 400 });
});

test('the header Allow of 405 and of OPTIONS lists the methods of a path', async () => {
  const refused = await rawRequest(server.port, head('PUT /echo', last));
  expect(refused).toMatchObject({ status: 405, headers: { allow: 'POST, OPTIONS' } });
  const options = await rawRequest(server.port, head('OPTIONS /things/1', last));
  expect(options).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, OPTIONS' } });
});

test('HEAD is answered like GET, but without the body', async () => {
  const answer = await rawRequest(server.port, head('HEAD /things/1', last));
  expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '10' }, body: '' });
});

test('a 100 Continue is sent only when the body will be read', async () => {
  const expecting = await rawRequest(server.port, post('[1]', 'Expect: 100-continue'));
  expect(expecting.text).toMatch(/^HTTP\/1.1 100 Continue/);
  expect(expecting).toMatchObject({ status: 200, body: '[1]' });
  const nowhere = await rawRequest(
    server.port,
    head('POST /nowhere', last, 'Expect: 100-continue', 'Content-Length: 3'),
  );
  expect(nowhere.text).toMatch(/^HTTP\/1.1 404/);
});

test('the answer of an earlier request goes before the refusal of a later request', async () => {
  const answer = await rawRequest(server.port, `${head('GET /things/1')}nonsense\r\n\r\n`);
  expect(answer.text).toMatch(/^HTTP\/1.1 200 .*\r\n\r\n\{"id":"1"\}HTTP\/1.1 400 /s);
});

test('a valid request is answered, and the response forbids to guess its media type', async () => {
  const answer = await rawRequest(server.port, get('/things/1?n=2', 'Accept: text/*, */*;q=0.1'));
  const headers = { 'x-content-type-options': 'nosniff' };
  expect(answer).toMatchObject({ status: 200, headers, body: '{"id":"1","n":2}' });
});
