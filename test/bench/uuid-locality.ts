import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createPool, type Pool } from '@indoubt/database';
import { chooseProvider } from '@indoubt/lab';
import { v4, v7 } from 'uuid';
import { type Load, type Next, toLines, type Visit } from './uuid-locality-report.ts';

// Random (v4) and time-ordered (v7) ids as primary keys. Measured are the insert rate, the size of
// the index and the bytes of WAL: for a number of rows from an empty table, and for further rows
// after a checkpoint, as in a table that exists for a while. The server is our own. The buffers are
// once larger than the table and index, and once much smaller. docs/ids.md has the results.
//   ./tools/with node test/bench/uuid-locality.ts [--rows N] [--json]

const BATCH_ROWS = 1_000; // one statement, one commit; ids are made before the clock starts
const NEXT_SHARE = 0.05;
// v4, v7, v7, v4: an effect that grows during the run has the same weight for both versions.
const ORDER = ['v4', 'v7', 'v7', 'v4'] as const;
const BUFFERS = ['1GB', '4MB'] as const;
const MAKE = { v4, v7 };

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, json: { type: 'boolean' } },
});
const rows = Number(values.rows);
if (!Number.isSafeInteger(rows) || rows < BATCH_ROWS) {
  throw new Error(`--rows ${values.rows}: a number from ${BATCH_ROWS} on`);
}

const visits: Visit[] = [];
for (const sharedBuffers of BUFFERS) {
  await onAServer(sharedBuffers, async (pool) => {
    for (const version of ORDER) {
      const visit = { sharedBuffers, version, ...(await measure(pool, version)) };
      visits.push(visit);
      const seconds = visit.load.seconds.toFixed(1);
      console.error(`shared_buffers ${sharedBuffers}, ${version}: ${rows} rows in ${seconds} s`);
    }
  });
}
const machine = { cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown', node: process.version };
const result = { rows, batchRows: BATCH_ROWS, machine, visits };
console.log(values.json === true ? JSON.stringify(result) : toLines(result).join('\n'));

/** Runs `work` on a server with these shared_buffers, as durable as the lab's, and stops it. */
async function onAServer(sharedBuffers: string, work: (pool: Pool) => Promise<void>) {
  const root = join(import.meta.dirname, '..', '..');
  const provider = await chooseProvider({ wanted: 'native', env: process.env, root });
  const servers = await provider.start({
    root,
    signal: new AbortController().signal,
    progress: () => undefined,
    // Room for the WAL of a visit: a checkpoint during a visit would slow down only this visit.
    postgresSettings: { shared_buffers: sharedBuffers, max_wal_size: '8GB' },
  });
  // A single connection sees its own statistics (pg_stat_wal) at once.
  const url = servers.databaseUrls.order;
  const pool = createPool({ url, name: 'uuid-locality', connectionsMax: 1, patient: true });
  try {
    await pool.query('create extension if not exists pgstattuple');
    await work(pool);
  } finally {
    await pool.end();
    await servers.stop();
  }
}

async function measure(
  pool: Pool,
  version: keyof typeof MAKE,
): Promise<{ load: Load; next: Next }> {
  await pool.query('drop table if exists visit');
  // Autovacuum might run in one visit only, so we vacuum in each visit ourselves.
  await pool.query(`create table visit (id uuid primary key, customer_id text not null,
    total_cents bigint not null, created_at timestamptz not null) with (autovacuum_enabled = off)`);
  const filled = await insert(pool, version, rows);
  await pool.query('vacuum (analyze) visit');
  const load = { ...filled, ...(await indexOf(pool)) };
  const nextRows = Math.ceil((rows * NEXT_SHARE) / BATCH_ROWS) * BATCH_ROWS;
  return { load, next: await insert(pool, version, nextRows) };
}

/** Inserts rows after a checkpoint: the next change of each page logs the whole page. */
async function insert(pool: Pool, version: keyof typeof MAKE, count: number): Promise<Next> {
  await pool.query('checkpoint');
  const before = await written(pool);
  let seconds = 0;
  for (let at = 0; at < count; at += BATCH_ROWS) {
    const ids = Array.from({ length: Math.min(BATCH_ROWS, count - at) }, () => MAKE[version]());
    const startedAt = performance.now();
    await pool.query(
      `insert into visit select id, 'customer-17', 450, now() from unnest($1::uuid[]) as t (id)`,
      [ids],
    );
    seconds += (performance.now() - startedAt) / 1_000;
  }
  const after = await written(pool);
  return {
    rows: count,
    seconds,
    rowsPerSecond: count / seconds,
    walBytes: after.walBytes - before.walBytes,
    fullPages: after.fullPages - before.fullPages,
    readBlocks: after.readBlocks - before.readBlocks,
  };
}

/** The totals so far: bytes of WAL, full-page images, and index pages read. */
async function written(pool: Pool) {
  await pool.query('select pg_stat_force_next_flush()');
  const { rows: found } = await pool.query<Record<'wal' | 'pages' | 'blocks', number>>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint as wal,
       (select wal_fpi from pg_stat_wal) as pages,
       (select idx_blks_read from pg_statio_user_tables where relname = 'visit') as blocks`,
  );
  const { wal = 0, pages = 0, blocks = 0 } = found[0] ?? {};
  return { walBytes: wal, fullPages: pages, readBlocks: blocks };
}

/** The index of the primary key: its size, the fill of its leaf pages, and their disorder. */
async function indexOf(pool: Pool) {
  const { rows: found } = await pool.query<Record<'index' | 'table' | 'dense' | 'astray', number>>(
    `select index_size as index, pg_relation_size('visit') as table,
       avg_leaf_density as dense, leaf_fragmentation as astray from pgstatindex('visit_pkey')`,
  );
  const { index = 0, table = 0, dense = 0, astray = 0 } = found[0] ?? {};
  return { indexBytes: index, tableBytes: table, leafFull: dense, leafAstray: astray };
}
