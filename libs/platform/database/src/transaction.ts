import { setTimeout as wait } from 'node:timers/promises';
import { backOffMs } from '@indoubt/failure';
import { context } from '@opentelemetry/api';
import type pg from 'pg';
import { asFailure, isConflict } from './database-failure.ts';
import { inDatabaseSpan } from './database-span.ts';
import type { Pool } from './pool.ts';

/** Each text is prepared once for each connection, so the texts must be constant. */
export interface Queries {
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** A transaction in progress. */
export interface Tx extends Queries {
  /**
   * Sends a statement without waiting for its result: several such statements and the COMMIT take
   * one round trip. A statement that fails makes the transaction fail.
   */
  write(text: string, values?: readonly unknown[]): void;
  /** The number of statements so far that were not a SELECT. */
  writes(): number;
  /**
   * Registers a function that runs once the transaction is committed, and only then: for wake-ups
   * and for the record.
   */
  onCommit(run: () => void): void;
}

const ATTEMPTS_MAX = 5;
const CONFLICT_BACK_OFF = { baseMs: 40, maxMs: 320 };

/**
 * Runs `work` in one transaction, and again from the start after a serialization failure (40001) or
 * a deadlock (40P01). So `work` must have no effect outside of `tx`.
 * @param attemptsMax how often `work` may run; 1 when the caller handles conflicts itself
 * @throws Failure 'database-unavailable' (indefinite: the transaction may be committed); what
 *   `work` throws
 */
export async function withTransaction<T>(
  pool: Pool,
  work: (tx: Tx) => Promise<T>,
  attemptsMax = ATTEMPTS_MAX,
): Promise<T> {
  const committed: (() => void)[] = [];
  const result = await untilCommitted(pool, committed, work, attemptsMax);
  // Outside of the try: an error here must not look like a failed transaction.
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

/** The statement that ends a transaction, given whether the transaction wrote anything. */
type Ending = (wrote: boolean) => string;

/** One attempt: BEGIN, `work`, and the statement that `ending` returns. */
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
    // Not awaited: the connection runs its statements in the order in which they are sent.
    const begun = client.query('BEGIN');
    begun.catch(() => undefined);
    const tx = txOn(client, begun, written, committed);
    const result = await work(tx);
    // Sent before the results of the writes are known: after a failed write, Postgres rolls back
    // instead of committing.
    const last = ending(tx.writes() > 0);
    const end = client.query(last);
    end.catch(() => undefined);
    await Promise.all([begun, ...written]);
    const { command } = await end;
    // A COMMIT after a swallowed error of a statement is answered ROLLBACK, without an error.
    if (!last.startsWith(command)) {
      throw new Error(`the transaction ended in ${command}, not ${last}`);
    }
    return result;
  } catch (error) {
    broken = await rollback(client);
    // After a failed write every later statement fails, too: the first error is the cause.
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
    return error as Error; // the connection is broken: the pool must not use it again
  }
}

/**
 * Makes the commit of this transaction not wait for the disk. A crash of the server may lose the
 * transaction: use it only where the work can be repeated.
 */
export function commitLazily(tx: Tx): void {
  tx.write("select set_config('synchronous_commit', 'off', true)");
}

/** Whether the database answers now; for readiness. */
export async function answers(tx: Queries): Promise<boolean> {
  return tx.query('select').then(
    () => true,
    () => false,
  );
}

/**
 * Statements outside of a transaction: each statement commits alone. For reads and for writes of a
 * single statement.
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
      // If BEGIN failed, every statement would commit alone. Its result is here already, so waiting
      // for it takes no round trip.
      await begun;
      return rows as Row[];
    },
    write(text, values = []) {
      writes += 1;
      const writing = client.query(prepared(text, values));
      writing.catch(() => undefined); // the COMMIT reports the error
      written.push(writing);
    },
    // Bound to the present span: the events that `run` records belong to it, not to the commit.
    onCommit: (run) => committed.push(context.bind(context.active(), run)),
  };
}

const names = new Map<string, string>();

/** The same text gets the same name, so Postgres parses it once for each connection. */
function prepared(text: string, values: readonly unknown[]): pg.QueryConfig {
  const name = names.get(text) ?? `s${names.size + 1}`;
  names.set(text, name);
  return { name, text, values: [...values] };
}
