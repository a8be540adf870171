import pg from 'pg';

export type Pool = pg.Pool;

export interface PoolOptions {
  /** postgres:// URL of the one database this process owns. */
  url: string;
  /** Shows in pg_stat_activity: who holds which lock. */
  name: string;
  connectionsMax: number;
}

const CONNECT_WITHIN_MS = 5_000;
// Statements are short; one that is not is stuck behind a lock, and waiting longer helps nobody.
const STATEMENT_WITHIN_MS = 10_000;
const INT8_OID = 20;

/**
 * A pool whose clients may send a statement before the one ahead has answered (pipelining): BEGIN
 * costs no round trip of its own.
 */
export function createPool({ url, name, connectionsMax }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    idle_in_transaction_session_timeout: STATEMENT_WITHIN_MS,
    keepAlive: true,
    pipeline: true,
    types: { getTypeParser },
  });
  // An idle connection that breaks is replaced at the next checkout; unhandled, it would end the
  // process.
  pool.on('error', () => undefined);
  return pool;
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

const getTypeParser: typeof pg.types.getTypeParser = (
  oid: number,
  format?: 'text' | 'binary',
): ((value: string) => unknown) => {
  if (oid === INT8_OID && format !== 'binary') return parseInt8;
  return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown;
};
