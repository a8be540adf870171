import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import pg from 'pg';
import { asFailure } from './database-failure.ts';
import { inDatabaseSpan, recordSqlState } from './database-span.ts';
import type { Pool } from './pool.ts';
import { type Queries, runOnce, type Tx } from './transaction.ts';

const UNKNOWN_GID = '42704';
const NOT_NOW = '55000';
const GID_BYTES_MAX = 199;

/**
 * Runs `work` in a transaction that ends with PREPARE TRANSACTION. A prepared transaction is on
 * disk and holds its locks; neither the end of the session nor a restart of the server ends it. A
 * transaction that wrote nothing is committed instead.
 * @param withinMs how long to wait for a connection, and for a lock, together
 * @returns whether the transaction is prepared now
 * @throws what `work` throws, or Failure 'timed-out': nothing is prepared. Failure
 *   'database-unavailable' (indefinite: the transaction may be prepared)
 * @see postgresql.org/docs/current/sql-prepare-transaction.html
 */
export async function prepareTransaction(
  pool: Pool,
  gid: string,
  withinMs: number,
  work: (tx: Tx) => Promise<void>,
): Promise<boolean> {
  const prepare = `PREPARE TRANSACTION ${quoted(gid)}`;
  let isPrepared = false;
  const until = performance.now() + withinMs;
  const bounded = async (tx: Tx) => {
    boundLocks(tx, until - performance.now());
    return work(tx);
  };
  const ending = (wrote: boolean) => {
    isPrepared = wrote;
    return wrote ? prepare : 'COMMIT';
  };
  try {
    await inDatabaseSpan(pool, 'TRANSACTION', () => runOnce(pool, [], bounded, ending));
    return isPrepared;
  } catch (error) {
    throw asFailure(error);
  }
}

/**
 * Bounds how long each further statement of this transaction may wait for a lock. Milliseconds.
 * @throws Failure 'timed-out' when no time is left: the caller has given up
 */
export function boundLocks(tx: Tx, withinMs: number): void {
  if (withinMs < 1) throw new Failure('timed-out', 'No connection was free in time.');
  // Not awaited: the server runs it before the next statement, which fails if this one fails.
  tx.query("select set_config('lock_timeout', $1, true)", [`${Math.floor(withinMs)}ms`]).catch(
    () => undefined,
  );
}

const BUSY_PAUSE_MS = 5;
const BUSY_ATTEMPTS_MAX = 200;

/**
 * Ends a prepared transaction, from any session of the same database.
 * @returns false when the transaction had ended before, or was never prepared
 * @throws Failure 'database-unavailable' (indefinite: the transaction may have ended)
 */
export async function finishPrepared(
  pool: Pool,
  gid: string,
  how: 'commit' | 'abort',
): Promise<boolean> {
  const verb = how === 'commit' ? 'COMMIT' : 'ROLLBACK';
  return inDatabaseSpan(pool, `${verb} PREPARED`, async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await pool.query(`${verb} PREPARED ${quoted(gid)}`);
        return true;
      } catch (error) {
        const { code } = error as { code?: string };
        if (code === UNKNOWN_GID) {
          recordSqlState(error);
          return false;
        }
        // Another session is ending the transaction at this moment.
        if (code !== NOT_NOW || attempt >= BUSY_ATTEMPTS_MAX) throw asFailure(error);
        await wait(BUSY_PAUSE_MS);
      }
    }
  });
}

export interface Prepared {
  gid: string;
  /** Milliseconds since the transaction was prepared. */
  ageMs: number;
}

/** The prepared transactions of this database only, oldest first. */
export function listPrepared(read: Queries): Promise<Prepared[]> {
  return read.query<Prepared>(
    `select gid, (1000 * extract(epoch from clock_timestamp() - prepared))::float8 as "ageMs"
       from pg_prepared_xacts where database = current_database() order by prepared`,
  );
}

/** The server's `max_prepared_transactions`; with 0 it refuses every PREPARE TRANSACTION. */
export async function preparedMax(read: Queries): Promise<number> {
  const [row] = await read.query<{ max: number }>(
    "select current_setting('max_prepared_transactions')::int as max",
  );
  return row?.max ?? 0;
}

function quoted(gid: string): string {
  const bytes = Buffer.byteLength(gid);
  if (bytes === 0 || bytes > GID_BYTES_MAX || gid.includes('\0')) {
    throw new Error(`not a gid: ${JSON.stringify(gid)}`);
  }
  return pg.escapeLiteral(gid);
}
