import pg from 'pg';
import { describePool } from './database-span.ts';

export type Pool = pg.Pool;

export interface PoolOptions {
  /** postgres:// URL of the one database this process owns. */
  url: string;
  /** Shows in pg_stat_activity: who holds which lock. */
  name: string;
  connectionsMax: number;
  /** How long a statement may wait for a lock, milliseconds; no limit of its own unless given. */
  lockWithinMs?: number;
  /** False for what may be lost in a crash: its commits do not wait for the disk. */
  flushesCommits?: false;
  /** For the lab's own long work (copying databases, holding a lock meanwhile): no time limits. */
  patient?: boolean;
}

const CONNECT_WITHIN_MS = 5_000;
// Statements are short; one that is not is stuck behind a lock, and waiting longer helps nobody.
const STATEMENT_WITHIN_MS = 10_000;
// The server's limit cannot end a statement whose server has gone silent: this one, a little later,
// does.
const QUERY_WITHIN_MS = 15_000;

/**
 * A pool whose clients may send a statement before the one ahead has answered (pipelining): BEGIN
 * costs no round trip of its own.
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
  // An idle connection that breaks is replaced at the next checkout; unhandled, it would end the
  // process.
  pool.on('error', () => undefined);
  // One that breaks while it is in use is told twice: its query rejects, which is handled, and it
  // emits an error, which would end the process.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/**
 * Whether every connection is taken and more than `waitingMax` pieces of work wait for one: the
 * next would only wait behind them.
 */
export function isSaturated({ waitingCount }: Pick<Pool, 'waitingCount'>, waitingMax: number) {
  return waitingCount > waitingMax;
}

/**
 * bigint columns hold cents and row numbers, all far below 2^53: as numbers, and loudly if ever
 * not.
 */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is not a safe integer`);
  return value;
}

const TYPES = new pg.TypeOverrides();
TYPES.setTypeParser(pg.types.builtins.INT8, parseInt8);
