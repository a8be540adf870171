import { createPool } from '@indoubt/database';
import { beforeAll, expect, test, vi } from 'vitest';
import { sharedLab } from './open-lab.ts';
import { ownServers } from './shared-servers.ts';

const servers = ownServers();
const open = sharedLab(servers, { coordination: '2pc' });
beforeAll(stopCoordinator);

const ORDERS = 8;
/** A coordinator takes an epoch when it starts: one write, as durable as a decision. */
const EPOCH = 1;

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
/** An order that Carol cannot pay: payment votes no. */
const MUGS = { customerId: 'carol', lines: [{ sku: 'mug', quantity: 1 }] };

test.each([
  { presume: 'abort', order: TEA, decision: 'commit', flushes: 1 },
  { presume: 'abort', order: MUGS, decision: 'abort', flushes: 0 },
  { presume: 'nothing', order: TEA, decision: 'commit', flushes: 2 },
  { presume: 'nothing', order: MUGS, decision: 'abort', flushes: 2 },
] as const)(
  'presume $presume costs $flushes flushes of the log for each $decision',
  async (row) => {
    const before = await flushesSoFar();
    await open().lab.services.restart('coordinator');
    for (let n = 0; n < ORDERS; n += 1) {
      const how = { coordination: '2pc', presume: row.presume } as const;
      const orderId = await open().placeOrder(row.order, how);
      // One order at a time: two orders that are decided at once may share a flush.
      const ended = await open().event((line) => {
        return line.event === 'transaction-ended' && line.orderId === orderId;
      });
      expect(ended).toMatchObject({ decision: row.decision });
    }
    await stopCoordinator();
    expect((await flushesSoFar()) - before).toBe(EPOCH + ORDERS * row.flushes);
  },
);

test('every invariant holds after the orders of this file', async () => {
  await open().lab.services.restart('coordinator');
  expect(await open().broken()).toEqual([]);
});

/** Stops the coordinator: Postgres counts the flushes of a session at its end at the latest. */
async function stopCoordinator(): Promise<void> {
  const pid = open().pidOf('coordinator');
  open().signal(pid, 'SIGTERM');
  await open().event((line) => line.event === 'process-exited' && line.pid === pid);
  const { pool } = open().lab.databases.coordinator;
  await vi.waitFor(async () => {
    const { rows } = await pool.query(
      `select application_name from pg_stat_activity
        where datname = current_database() and application_name like 'coordinator%'`,
    );
    expect(rows).toEqual([]);
  });
}

/** Flushes of the log by sessions on the coordinator's server. The lab's own sessions only read. */
async function flushesSoFar(): Promise<number> {
  const url = servers().databaseUrls.coordinator;
  const pool = createPool({ url, name: 'cost', connectionsMax: 1 });
  const { rows } = await pool.query<{ flushes: number }>(
    `select sum(fsyncs)::int as flushes from pg_stat_io
      where object = 'wal' and backend_type = 'client backend'`,
  );
  await pool.end();
  return rows[0]?.flushes ?? 0;
}
