import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import {
  autocommit,
  commitLazily,
  createPool,
  type Pool,
  type Queries,
  type Tx,
  withTransaction,
} from '@indoubt/database';
import { answerKeyed, chosenKeys, keyedRequest } from '@indoubt/idempotency';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sharedLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const open = sharedLab(sharedServers());
let wire: Wire;
let pool: Pool;
beforeAll(async () => {
  wire = await startCountingProxy(open().lab.databases.order.url);
  pool = createPool({ url: wire.url, name: 'counted', connectionsMax: 1 });
});
afterAll(async () => {
  await pool.end();
  wire.close();
});

interface Counts {
  /** How often the client waited for a reply of the server. */
  roundTrips: number;
  commits: number;
}

interface Wire {
  url: string;
  counts: Counts;
  close(): void;
}

/** A proxy that counts round trips: each time the client sends after a reply of the server. */
async function startCountingProxy(databaseUrl: string): Promise<Wire> {
  const { hostname, port } = new URL(databaseUrl);
  const counts: Counts = { roundTrips: 0, commits: 0 };
  const server: Server = createServer((client: Socket) => {
    const database = dial(Number(port), hostname);
    let isServersTurn = false;
    client.on('data', (bytes: Buffer) => {
      if (!isServersTurn) counts.roundTrips += 1;
      isServersTurn = true;
      database.write(bytes);
    });
    database.on('data', (bytes: Buffer) => {
      isServersTurn = false;
      // The CommandComplete message of a COMMIT: its type, its length and its tag.
      counts.commits += bytes.toString('latin1').split('C\0\0\0\x0bCOMMIT\0').length - 1;
      client.write(bytes);
    });
    const end = () => [client, database].map((each) => each.destroy());
    for (const each of [client, database]) each.on('close', end).on('error', end);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = '127.0.0.1';
  return { url: url.href, counts, close: () => void server.close() };
}

/** The cost of `work` once its statements are prepared: only the second of two runs is counted. */
async function costOf(work: () => Promise<unknown>): Promise<Counts> {
  await work();
  const before = { ...wire.counts };
  await work();
  const { roundTrips, commits } = wire.counts;
  return { roundTrips: roundTrips - before.roundTrips, commits: commits - before.commits };
}

function keyed(key: string) {
  const request = {
    caller: 'anonymous',
    method: 'POST',
    route: '/orders',
    path: '/orders',
    body: 1,
  };
  return keyedRequest(key, request);
}

const times = { leaseMs: 1_000, retainMs: 60_000 };

/** The read of a typical order: `work` below adds its write. */
async function read(tx: Queries) {
  return tx.query('select sku from products');
}

async function work(tx: Tx) {
  await read(tx);
  tx.write('insert into customers (id, name) values ($1, $2)', [randomUUID(), 'counted']);
  return { status: 202, headers: {}, body: 1 };
}

test('a key in the transaction of its work costs one round trip and no extra commit', async () => {
  const keys = chosenKeys(pool, times);
  const bare = await costOf(() => withTransaction(pool, work));
  const withKey = await costOf(() => answerKeyed(pool, keys, keyed(randomUUID()), work));
  expect(bare).toEqual({ roundTrips: 2, commits: 1 });
  expect(withKey).toEqual({ roundTrips: 3, commits: 1 });
});

test('a lease of a key beside a read, as 2pc needs it, costs one more round trip', async () => {
  const keys = chosenKeys(pool, times);
  const alone = await costOf(() => read(autocommit(pool)));
  const leased = await costOf(() =>
    withTransaction(pool, async (tx) => {
      const [claim] = await Promise.all([keys.claim(tx, keyed(randomUUID())), read(tx)]);
      if (claim.kind === 'mine') keys.lease(tx, claim.attempt);
      commitLazily(tx);
    }),
  );
  // A single statement is a transaction too. The commit of the lease does not wait for the disk.
  expect(alone.roundTrips).toBe(1);
  expect(leased).toEqual({ roundTrips: 2, commits: 1 });
});

test('a replay costs two round trips and one commit', async () => {
  const keys = chosenKeys(pool, times);
  const request = keyed(randomUUID());
  await answerKeyed(pool, keys, request, work);
  const replay = await costOf(() => answerKeyed(pool, keys, request, work));
  expect(replay).toEqual({ roundTrips: 2, commits: 1 });
});
