import { connect } from 'node:net';
import type { Response } from 'express';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../process/log.ts';
import { renderMetrics } from '../process/metrics.ts';
import type { Limits } from './admission.ts';
import { createApp } from './http-server.ts';
import { type Listening, listen } from './listen.ts';
import { route } from './route.ts';

const some = { answers: { 200: z.unknown() }, problems: [] };
const servers: Listening[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** A server with these limits, and routes that do not answer before `release` is called. */
async function start(limits: Partial<Limits>) {
  const arrived = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const hold = async ({ response }: { response: Response }) => {
    arrived.resolve();
    await released.promise;
    response.json({});
  };
  const app = createApp({
    name: 'test',
    log: createLog({ service: 'test', level: 'silent' }),
    ready: () => Promise.resolve({}),
    secret: 'a secret of this test',
    limits: { ratePerSecond: 0, inFlightMax: 10, shed: () => false, ...limits },
    routes: [
      route({ ...some, method: 'GET', path: '/quick', summary: '' }, ({ response }) =>
        response.json({}),
      ),
      route({ ...some, method: 'GET', path: '/slow', summary: '' }, hold),
      route({ ...some, method: 'POST', path: '/slow', summary: '', body: z.unknown() }, hold),
      route(
        { ...some, method: 'POST', path: '/secured', summary: '', secured: true },
        ({ response }) => response.json({}),
      ),
    ],
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  servers.push(server);
  const get = (path: string, authorization?: string) =>
    fetch(`http://127.0.0.1:${server.port}${path}`, {
      method: path === '/secured' ? 'POST' : 'GET',
      ...(authorization !== undefined && { headers: { authorization } }),
    });
  return { get, port: server.port, arrived: arrived.promise, release: released.resolve };
}

const SECRET = 'Bearer a secret of this test';
/** The statuses of requests that must be answered even while public requests are refused. */
async function unlimitedOf(get: Awaited<ReturnType<typeof start>>['get']) {
  const paths = ['/healthz', '/readyz', '/metrics', '/secured'];
  const answers = await Promise.all(paths.map((path) => get(path, SECRET)));
  return answers.map(({ status }) => status);
}
const ALL_OK = [200, 200, 200, 200];

test('a request above the rate limit gets 429 and Retry-After, whatever its token', async () => {
  const { get } = await start({ ratePerSecond: 2 });
  const first = await get('/quick');
  expect(first.headers.get('ratelimit')).toMatch(/r=1; t=1$/);
  await get('/quick');
  const refused = await get('/quick');
  expect(await refused.json()).toMatchObject({ status: 429, code: 'too-many-requests' });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect((await get('/quick', 'Bearer somebody else')).status).toBe(429);
  expect(await unlimitedOf(get)).toEqual(ALL_OK);
  expect((await renderMetrics()).text).toContain('code="too-many-requests"} 2');
});

test('a request is refused with 503 and Retry-After while too much work waits', async () => {
  let isFull = true;
  const { get } = await start({ shed: () => isFull });
  const refused = await get('/quick');
  const says = { status: 503, code: 'overloaded', certainty: 'definite' };
  expect(await refused.json()).toMatchObject(says);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await unlimitedOf(get)).toEqual(ALL_OK);
  isFull = false;
  expect((await get('/quick')).status).toBe(200);
});

test('a request above the limit in flight is refused until another has ended', async () => {
  const { get, arrived, release } = await start({ inFlightMax: 1 });
  const first = get('/slow');
  await arrived;
  expect((await get('/quick')).status).toBe(503);
  expect(await unlimitedOf(get)).toEqual(ALL_OK);
  release();
  await (await first).text();
  expect((await get('/quick')).status).toBe(200);
});

/** A client that sends its headers, and its body only when `sendBody` is called. */
async function slowClient(port: number) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  onTestFinished(() => void socket.destroy());
  let received = '';
  const receives = (words: string) =>
    new Promise<void>((resolve) => {
      const listen = (text = '') => {
        received += text;
        if (!received.includes(words)) return;
        socket.off('data', listen);
        resolve();
      };
      socket.on('data', listen);
      listen();
    });
  const expecting = ['Content-Type: application/json', 'Content-Length: 2', 'Expect: 100-continue'];
  socket.write(['POST /slow HTTP/1.1', 'Host: test', ...expecting, '', ''].join('\r\n'));
  await receives('100 Continue');
  return { receives, sendBody: () => void socket.write('{}') };
}

test('a request is counted as in flight only when its body is there', async () => {
  const { get, port, arrived, release } = await start({ inFlightMax: 1 });
  const [first, second] = await Promise.all([slowClient(port), slowClient(port)]);
  expect((await get('/quick')).status).toBe(200);
  first?.sendBody();
  await arrived;
  expect((await get('/quick')).status).toBe(503);
  second?.sendBody();
  await second?.receives('503 Service Unavailable');
  release();
  await first?.receives('200 OK');
  expect((await get('/quick')).status).toBe(200);
});
