import pg from 'pg';
import { describePool } from './database-span.ts';

export type Pool = pg.Pool;

export interface PoolOptions {
  /** postgres:// URL of the one database this process owns. */
  url: string;
  /** Shown in pg_stat_activity, so that a person sees which process holds a lock. */
  name: string;
  connectionsMax: number;
  /** How long a statement may wait for a lock, milliseconds; without it, as long as it may run. */
  lockWithinMs?: number;
  /** False: commits do not wait for the disk, and a crash of the server may lose them. */
  flushesCommits?: false;
  /** True: no time limits, for long work of the lab itself, such as copying databases. */
  patient?: boolean;
}

const CONNECT_WITHIN_MS = 5_000;
// Statements are short. A statement that takes longer waits for a lock.
const STATEMENT_WITHIN_MS = 10_000;
// The server cannot end a statement when it hangs itself. This limit of the client does, a little
// later.
const QUERY_WITHIN_MS = 15_000;

/**
 * A pool whose clients may send a statement before the last one is answered (pipelining), so BEGIN
 * needs no extra round trip.
 */
export function createPool(options: PoolOptions): Pool {
  const { url, name, connectionsMax, patient, lockWithinMs, flushesCommits } = options;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    ...(patient === true
      ? { idleTimeoutMillis: 0 }
      : {
          statement_timeout: STATEMENT_WITHIN_MS,
          idle_in_transaction_session_timeout: STATEMENT_WITHIN_MS,
          query_timeout: QUERY_WITHIN_MS,
        }),
    ...(lockWithinMs !== undefined && { lock_timeout: lockWithinMs }),
    ...(flushesCommits === false && { options: '-c synchronous_commit=off' }),
    keepAlive: true,
    pipeline: true,
    types: TYPES,
  });
  describePool(pool, url);
  // A broken idle connection is replaced at the next checkout. Without a handler its error would
  // end the process.
  pool.on('error', () => undefined);
  // A connection that breaks while it is in use rejects its query, which is handled, and emits an
  // error, which without a handler would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/**
 * Whether more than `waitingMax` requests wait for a connection. Further work would only wait
 * longer.
 */
export function isSaturated({ waitingCount }: Pick<Pool, 'waitingCount'>, waitingMax: number) {
  return waitingCount > waitingMax;
}

/**
 * Reads a bigint as a number: bigint columns have cents and row numbers, all far below 2^53.
 * @throws RangeError for a value that is not a safe integer
 */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is not a safe integer`);
  return value;
}

const TYPES = new pg.TypeOverrides();
TYPES.setTypeParser(pg.types.builtins.INT8, parseInt8);
