import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createHttpClient } from './http-client.ts';

const answer = z.object({ said: z.string() });

/** A client of a server that answers like this. */
async function clientOf(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createHttpClient(`http://127.0.0.1:${port}`, 'the-secret-of-this-lab');
  onTestFinished(async () => {
    await client.close();
    server.closeAllConnections();
    server.close();
  });
  return { client, server };
}

const request = { name: 'ask', path: '/ask', body: { what: 1 }, answer, withinMs: 5_000 };

test('JSON goes out with the secret, and comes back as its schema has it', async () => {
  const { client } = await clientOf((incoming, response) => {
    const { authorization } = incoming.headers;
    response.end(JSON.stringify({ said: `${incoming.method} ${authorization}`, more: 1 }));
  });
  const said = await client.post(request);
  expect(said).toEqual({ said: 'POST Bearer the-secret-of-this-lab' });
});

test('a refused connection is definite: the request has never left', async () => {
  const { client, server } = await clientOf((_incoming, response) => response.end());
  server.close();
  await expect(client.post(request)).rejects.toMatchObject({
    code: 'not-reached',
    certainty: 'definite',
  });
});

test('no answer in time is indefinite', async () => {
  const { client } = await clientOf(() => undefined);
  const hasty = { ...request, withinMs: 30 };
  await expect(client.post(hasty)).rejects.toMatchObject({
    code: 'timed-out',
    certainty: 'indefinite',
  });
});

test('a connection that breaks before the answer is indefinite', async () => {
  const { client } = await clientOf((incoming) => incoming.socket.destroy());
  await expect(client.post(request)).rejects.toMatchObject({
    code: 'service-unavailable',
    certainty: 'indefinite',
  });
});

test.each([
  ['superseded', 503, 'superseded'],
  ['not-allowed', 401, 'not-allowed'],
  ['something-new', 409, 'service-unavailable'],
])('a problem document with code %s', async (code, status, failure) => {
  const { client } = await clientOf((_incoming, response) => {
    response.writeHead(status).end(JSON.stringify({ code, detail: 'because' }));
  });
  await expect(client.get(request)).rejects.toMatchObject({ code: failure });
});

test('an answer that is not JSON says nothing about what happened', async () => {
  const { client } = await clientOf((_incoming, response) => response.end('<html>'));
  await expect(client.get(request)).rejects.toMatchObject({ certainty: 'indefinite' });
});
