import { setTimeout as wait } from 'node:timers/promises';
import { backOffMs } from '@indoubt/failure';
import { context } from '@opentelemetry/api';
import type pg from 'pg';
import { asFailure, isConflict } from './database-failure.ts';
import { inDatabaseSpan } from './database-span.ts';
import type { Pool } from './pool.ts';

/** Statements are prepared once a connection: keep their texts constant. */
export interface Queries {
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A transaction in progress. */
export interface Tx extends Queries {
  /**
   * Sends a statement whose result nobody needs, without waiting for its answer: several of them
   * and the COMMIT cost one round trip together. One that fails makes the transaction fail.
   */
  write(text: string, values?: readonly unknown[]): void;
  /** How many statements so far were more than a SELECT. */
  writes(): number;
  /**
   * Runs once the transaction is committed, never if it is not: for wake-ups and for the record.
   */
  onCommit(run: () => void): void;
}

const ATTEMPTS_MAX = 5;
const CONFLICT_BACK_OFF = { baseMs: 40, maxMs: 320 };

/**
 * Runs `work` in one transaction, and again from the start when Postgres chose it as the victim of
 * a serialization failure (40001) or a deadlock (40P01): so `work` must do nothing outside of `tx`.
 * @param attemptsMax how often it may run; 1 when the caller has a better answer to a conflict
 * @throws Failure 'database-unavailable' (indefinite: a lost COMMIT may have happened); what `work`
 *   throws
 */
export async function withTransaction<T>(
  pool: Pool,
  work: (tx: Tx) => Promise<T>,
  attemptsMax = ATTEMPTS_MAX,
): Promise<T> {
  const committed: (() => void)[] = [];
  const result = await untilCommitted(pool, committed, work, attemptsMax);
  // Outside of any catch: what fails here must not make a committed transaction look failed.
  for (const run of committed) run();
  return result;
}

async function untilCommitted<T>(
  pool: Pool,
  committed: (() => void)[],
  work: (tx: Tx) => Promise<T>,
  attemptsMax: number,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inDatabaseSpan(pool, 'TRANSACTION', () =>
        runOnce(pool, committed, work, () => 'COMMIT'),
      );
    } catch (error) {
      committed.length = 0;
      if (!isConflict(error) || attempt >= attemptsMax) throw asFailure(error);
      await wait(backOffMs(CONFLICT_BACK_OFF, attempt, Math.random()));
    }
  }
}

/** How a transaction is to end, given whether it wrote anything. */
type Ending = (wrote: boolean) => string;

/** One attempt: BEGIN, `work`, and the statement that `ending` names. */
export async function runOnce<T>(
  pool: Pool,
  committed: (() => void)[],
  work: (tx: Tx) => Promise<T>,
  ending: Ending,
): Promise<T> {
  const client = await pool.connect();
  const written: Promise<unknown>[] = [];
  let broken: Error | undefined;
  try {
    // Not awaited: the first statement follows at once on the same connection, which keeps their
    // order.
    const begun = client.query('BEGIN');
    begun.catch(() => undefined);
    const tx = txOn(client, begun, written, committed);
    const result = await work(tx);
    // Sent behind the writes without knowing how they went: after one that failed, Postgres makes a
    // ROLLBACK of it.
    const last = ending(tx.writes() > 0);
    const end = client.query(last);
    end.catch(() => undefined);
    await Promise.all([begun, ...written]);
    const { command } = await end;
    // COMMIT of a transaction that a swallowed error had aborted answers ROLLBACK, and no error.
    if (!last.startsWith(command)) {
      throw new Error(`the transaction ended in ${command}, not ${last}`);
    }
    return result;
  } catch (error) {
    broken = await rollback(client);
    // After a write that failed, every other statement fails for that alone: tell the first cause.
    const causes = await Promise.allSettled(written);
    throw causes.find((cause) => cause.status === 'rejected')?.reason ?? error;
  } finally {
    client.release(broken);
  }
}

async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error as Error; // the connection is gone: the pool must not hand it out again
  }
}

/**
 * This transaction's commit does not wait for the disk: for what may be lost if the server crashes,
 * and costs nothing but work then.
 */
export function commitLazily(tx: Tx): void {
  tx.write("select set_config('synchronous_commit', 'off', true)");
}

/** Whether the database takes statements now; for readiness. */
export async function answers(tx: Queries): Promise<boolean> {
  return tx.query('select').then(
    () => true,
    () => false,
  );
}

/**
 * Statements outside of a transaction: each commits by itself. For reads and single-statement
 * writes.
 */
export function autocommit(pool: Pool): Queries {
  return {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      try {
        const { rows } = await pool.query(prepared(text, values));
        return rows as Row[];
      } catch (error) {
        throw asFailure(error);
      }
    },
  };
}

function txOn(
  client: pg.PoolClient,
  begun: Promise<unknown>,
  written: Promise<unknown>[],
  committed: (() => void)[],
): Tx {
  let writes = 0;
  return {
    writes: () => writes,
    async query<Row>(text: string, values: readonly unknown[] = []) {
      const { rows, command } = await client.query(prepared(text, values));
      if (command !== 'SELECT') writes += 1;
      // A BEGIN that failed alone would leave every statement to commit by itself: known here,
      // after the first of them at the latest, at the price of no round trip.
      await begun;
      return rows as Row[];
    },
    write(text, values = []) {
      writes += 1;
      const writing = client.query(prepared(text, values));
      writing.catch(() => undefined); // the COMMIT reports the error
      written.push(writing);
    },
    // Bound to where it was asked for: what it records belongs to that span, not to the commit's.
    onCommit: (run) => committed.push(context.bind(context.active(), run)),
  };
}

const names = new Map<string, string>();

/** The same text gets the same name, so Postgres parses and plans it once for each connection. */
function prepared(text: string, values: readonly unknown[]): pg.QueryConfig {
  const name = names.get(text) ?? `s${names.size + 1}`;
  names.set(text, name);
  return { name, text, values: [...values] };
}
