import type { Pool } from '@indoubt/database';
import type { Row } from './row.ts';

import { pollQuery, TABLES, type TableShape } from './table-query.ts';

/** What one poll read from one database. `startedAt` and `endedAt` are epoch milliseconds. */
export interface Poll {
  startedAt: number;
  endedAt: number;
  /** Table → its newest rows. */
  rows: Record<string, Row[]>;
  prepared: { gid: string; xid: string; ageMs: number }[];
  waiting: {
    pid: number;
    name: string;
    waitsFor: string;
    waitsMs: number;
    query: string;
    /** Transaction ids (xid) of the prepared transactions that block the session. */
    heldBy: string[];
    /** Statement of the session that blocks this one; null when there is none. */
    ahead: string | null;
  }[];
}

/** The tables of a database, and the query that polls them. */
export interface Watched {
  pool: Pool;
  tables: TableShape[];
  query: string;
}

/** @throws what Postgres says */
export async function openWatched(pool: Pool): Promise<Watched> {
  const { rows: tables } = await pool.query<TableShape>(TABLES);
  return { pool, tables, query: pollQuery(tables) };
}

/**
 * Reads everything in one statement, and so in one snapshot. The query takes no lock that another
 * session could wait for.
 * @throws the error of PostgreSQL: the server is away, or the query took too long
 */
export async function pollDatabase({ pool, query }: Watched, now: () => number): Promise<Poll> {
  const startedAt = now();
  // A named statement is planned only once.
  const { rows } = await pool.query<{ poll: Omit<Poll, 'startedAt' | 'endedAt'> }>({
    name: 'poll',
    text: query,
  });
  const [found] = rows;
  if (found === undefined) throw new Error('a select without a row');
  return { startedAt, endedAt: now(), ...found.poll, rows: flatRows(found.poll.rows) };
}

/** Converts JSON values within a row to text. */
function flatRows(tables: Record<string, Record<string, unknown>[]>): Record<string, Row[]> {
  return Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [name, rows.map(flatRow)]),
  );
}

function flatRow(row: Record<string, unknown>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [column, isPlain(value) ? value : text(value)]),
  );
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

function isPlain(value: unknown): value is Row[string] {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
