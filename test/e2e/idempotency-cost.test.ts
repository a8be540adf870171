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
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();
let open: OpenLab;
let wire: Wire;
let pool: Pool;
beforeAll(async () => {
  open = await openLab(servers());
  wire = await listenIn(open.lab.databases.order.url);
  pool = createPool({ url: wire.url, name: 'counted', connectionsMax: 1 });
});
afterAll(async () => {
  await pool.end();
  wire.close();
  await open[Symbol.asyncDispose]();
});

interface Counts {
  /** How often the client waited for the server. */
  roundTrips: number;
  commits: number;
}

interface Wire {
  url: string;
  counts: Counts;
  close(): void;
}

/** A connection in between that counts: each time the client speaks after the server has. */
async function listenIn(databaseUrl: string): Promise<Wire> {
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
      // CommandComplete of a COMMIT: its type, its length, and the tag.
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

/** What `work` costs once its statements are prepared: the second of two runs is counted. */
async function costOf(work: () => Promise<unknown>): Promise<Counts> {
  await work();
  const before = { ...wire.counts };
  await work();
  const { roundTrips, commits } = wire.counts;
  return { roundTrips: roundTrips - before.roundTrips, commits: commits - before.commits };
}

function keyed(key: string) {
  const asked = { caller: 'anonymous', method: 'POST', route: '/orders', path: '/orders', body: 1 };
  return keyedRequest(key, asked);
}

const times = { leaseMs: 1_000, retainMs: 60_000 };

/** The work of any order: it reads what it needs, and writes what follows from it. */
async function read(tx: Queries) {
  return tx.query('select sku from products');
}

async function work(tx: Tx) {
  await read(tx);
  tx.write('insert into customers (id, name) values ($1, $2)', [randomUUID(), 'counted']);
  return { status: 202, headers: {}, body: 1 };
}

test('in the transaction of its work a key costs one round trip, and no commit', async () => {
  const keys = chosenKeys(pool, times);
  const bare = await costOf(() => withTransaction(pool, work));
  const withKey = await costOf(() => answerKeyed(pool, keys, keyed(randomUUID()), work));
  expect(bare).toEqual({ roundTrips: 2, commits: 1 });
  expect(withKey).toEqual({ roundTrips: 3, commits: 1 });
});

test('leased beside a read, for 2pc: one round trip more than the read alone', async () => {
  const keys = chosenKeys(pool, times);
  const alone = await costOf(() => read(autocommit(pool)));
  const leased = await costOf(() =>
    withTransaction(pool, async (tx) => {
      const [claim] = await Promise.all([keys.claim(tx, keyed(randomUUID())), read(tx)]);
      if (claim.kind === 'mine') keys.lease(tx, claim.attempt);
      commitLazily(tx);
    }),
  );
  // A statement alone is a transaction too. The lease's commit waits for no disk, as that one.
  expect(alone.roundTrips).toBe(1);
  expect(leased).toEqual({ roundTrips: 2, commits: 1 });
});

test('a replay costs a look', async () => {
  const keys = chosenKeys(pool, times);
  const request = keyed(randomUUID());
  await answerKeyed(pool, keys, request, work);
  const replay = await costOf(() => answerKeyed(pool, keys, request, work));
  expect(replay).toEqual({ roundTrips: 2, commits: 1 });
});
