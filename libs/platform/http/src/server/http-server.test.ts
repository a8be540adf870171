import { Failure } from '@indoubt/failure';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../process/log.ts';
import { createApp } from './http-server.ts';
import { type Listening, listen } from './listen.ts';
import { route } from './route.ts';

let server: Listening;
let url: string;
let released: () => void;
const held = new Promise<void>((resolve) => {
  released = resolve;
});
let arrived: () => void;
const arrival = new Promise<void>((resolve) => {
  arrived = resolve;
});

const any = { answers: { 200: z.unknown() }, problems: [] };
const routes = [
  route(
    { ...any, method: 'POST', path: '/orders', summary: 'echo', body: z.unknown() },
    ({ body, response }) => response.status(202).json(body),
  ),
  route({ ...any, method: 'GET', path: '/orders/:id', summary: 'none' }, ({ request }) => {
    throw new Failure('not-found', `There is no order ${String(request.params['id'])}.`);
  }),
  route({ ...any, method: 'GET', path: '/bug', summary: 'fails' }, () =>
    Promise.reject(new Error('boom')),
  ),
  route({ ...any, method: 'GET', path: '/held', summary: 'waits' }, async ({ response }) => {
    arrived();
    await held;
    response.json({ done: true });
  }),
];

beforeAll(async () => {
  const app = createApp({
    name: 'test',
    log: createLog({ service: 'test', level: 'silent' }),
    ready: () => Promise.resolve({ database: false }),
    routes,
  });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server.close());

const post = (body: string, type = 'application/json') =>
  fetch(`${url}/orders`, { method: 'POST', body, headers: { 'content-type': type } });

test('a JSON request gets a JSON response without X-Powered-By', async () => {
  const response = await post('{"sku":"tea"}');
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({ sku: 'tea' });
  expect(response.headers.get('x-powered-by')).toBeNull();
});

test.each([
  [400, 'invalid-request', () => post('{')],
  [413, 'body-too-large', () => post(JSON.stringify('x'.repeat(65_536)))],
  [415, 'unsupported-media-type', () => post('x', 'text/plain')],
  [404, 'not-found', () => fetch(`${url}/orders/7`)],
  [404, 'not-found', () => fetch(`${url}/nowhere`)],
  [400, 'invalid-request', () => fetch(`${url}/orders/%E0%A4%A`)],
  [405, 'method-not-allowed', () => fetch(`${url}/orders/7`, { method: 'DELETE' })],
  [503, 'service-unavailable', () => fetch(`${url}/readyz`)],
  [500, 'internal-error', () => fetch(`${url}/bug`)],
])('the error %i %s is a problem document', async (status, code, send) => {
  const response = await send();
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.json()).toMatchObject({ status, code });
});

test('a request to an unknown path is refused before its body is read', async () => {
  const response = await fetch(`${url}/nowhere`, { method: 'POST', body: '{' });
  expect(response.status).toBe(404);
});

test('/healthz answers 200 although the service is not ready', async () => {
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('closing lets a running request finish and accepts no new request', async () => {
  const running = fetch(`${url}/held`);
  await arrival;
  const closing = server.close();
  await expect(fetch(`${url}/healthz`)).rejects.toThrow('fetch failed');
  released();
  const response = await running;
  expect(response.headers.get('connection')).toBe('close');
  expect(await response.json()).toEqual({ done: true });
  await closing;
});
