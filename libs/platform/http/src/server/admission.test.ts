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

/** A server with these limits, and routes that wait until they are let go on. */
async function start(limits: Partial<Limits>) {
  const arrived = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const hold = async ({ response }: { response: Response }) => {
    arrived.resolve();
    await held.promise;
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
      route({ ...some, method: 'GET', path: '/held', summary: '' }, hold),
      route({ ...some, method: 'POST', path: '/held', summary: '', body: z.unknown() }, hold),
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
  return { get, port: server.port, arrived: arrived.promise, letGo: held.resolve };
}

const SECRET = 'Bearer a secret of this test';
/** What has to get through whatever is refused. */
async function othersOf(get: Awaited<ReturnType<typeof start>>['get']) {
  const paths = ['/healthz', '/readyz', '/metrics', '/secured'];
  const answers = await Promise.all(paths.map((path) => get(path, SECRET)));
  return answers.map(({ status }) => status);
}
const ALL_THERE = [200, 200, 200, 200];

test('too often: 429, and when to come again; a secret of its own does not help', async () => {
  const { get } = await start({ ratePerSecond: 2 });
  const first = await get('/quick');
  expect(first.headers.get('ratelimit')).toMatch(/r=1; t=1$/);
  await get('/quick');
  const refused = await get('/quick');
  expect(await refused.json()).toMatchObject({ status: 429, code: 'too-many-requests' });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect((await get('/quick', 'Bearer somebody else')).status).toBe(429);
  expect(await othersOf(get)).toEqual(ALL_THERE);
  expect((await renderMetrics()).text).toContain('code="too-many-requests"} 2');
});

test('too much waits: 503 and when to come again, until it is less', async () => {
  let isFull = true;
  const { get } = await start({ shed: () => isFull });
  const refused = await get('/quick');
  const says = { status: 503, code: 'overloaded', certainty: 'definite' };
  expect(await refused.json()).toMatchObject(says);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await othersOf(get)).toEqual(ALL_THERE);
  isFull = false;
  expect((await get('/quick')).status).toBe(200);
});

test('as many at once as may be, and no more; an end makes room', async () => {
  const { get, arrived, letGo } = await start({ inFlightMax: 1 });
  const first = get('/held');
  await arrived;
  expect((await get('/quick')).status).toBe(503);
  expect(await othersOf(get)).toEqual(ALL_THERE);
  letGo();
  await (await first).text();
  expect((await get('/quick')).status).toBe(200);
});

/** A client that is let in by its head, and sends its body when it is told to. */
async function slowClient(port: number) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  onTestFinished(() => void socket.destroy());
  let heard = '';
  const hears = (words: string) =>
    new Promise<void>((resolve) => {
      const listen = (text = '') => {
        heard += text;
        if (!heard.includes(words)) return;
        socket.off('data', listen);
        resolve();
      };
      socket.on('data', listen);
      listen();
    });
  const expecting = ['Content-Type: application/json', 'Content-Length: 2', 'Expect: 100-continue'];
  socket.write(['POST /held HTTP/1.1', 'Host: test', ...expecting, '', ''].join('\r\n'));
  await hears('100 Continue');
  return { hears, sendBody: () => void socket.write('{}') };
}

test('who sends no body holds no place; with its body it does, if there still is one', async () => {
  const { get, port, arrived, letGo } = await start({ inFlightMax: 1 });
  const [first, second] = await Promise.all([slowClient(port), slowClient(port)]);
  expect((await get('/quick')).status).toBe(200);
  first?.sendBody();
  await arrived;
  expect((await get('/quick')).status).toBe(503);
  second?.sendBody();
  await second?.hears('503 Service Unavailable');
  letGo();
  await first?.hears('200 OK');
  expect((await get('/quick')).status).toBe(200);
});
