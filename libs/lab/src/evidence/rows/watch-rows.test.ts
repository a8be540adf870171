import { createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { eventLine } from '../record/sample-lines.fixture.ts';
import { watchRows } from './watch-rows.ts';

function databasesAt(port: number) {
  const database = { url: `postgres://nobody:x@127.0.0.1:${port}/none` };
  return { order: database, payment: database, inventory: database, coordinator: database };
}

/**
 * A server that does not speak the protocol of PostgreSQL: after each connection it calls `then`.
 */
async function listen(then: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    then(socket);
  });
  onTestFinished(() => void server.close());
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('databases that break off every connection give no rows and no error', async () => {
  const watch = await watchRows(databasesAt(await listen((socket) => socket.destroy())));
  watch.hear(eventLine('order', 0, { event: 'order-placed' }));
  const rows = await watch.stop();
  expect(rows).toMatchObject({ databases: [], changes: [], polls: { done: 0 } });
  expect(rows.polls.missed).toBeGreaterThanOrEqual(4);
  expect(await watch.stop()).toBe(rows);
});

test('a server that never answers does not block the end of a run', async () => {
  const sockets: Socket[] = [];
  const port = await listen((socket) => void sockets.push(socket));
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()));
  const startedAt = performance.now();
  const watch = await watchRows(databasesAt(port));
  const rows = await watch.stop();
  expect(rows.databases).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
});
