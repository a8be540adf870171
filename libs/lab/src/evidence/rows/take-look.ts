import type { Pool } from '@indoubt/database';
import type { Row } from './row.ts';

import { lookQuery, TABLES, type TableShape } from './table-query.ts';

/** What one look saw in one database. `startedAt` and `endedAt` are epoch milliseconds. */
export interface Look {
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
    /** Numbers of the prepared transactions that it waits for. */
    heldBy: string[];
    /** Statement of the session that it waits behind; null when there is none. */
    ahead: string | null;
  }[];
}

/** The tables of a database, and the query that a look at them is. */
export interface Watched {
  pool: Pool;
  tables: TableShape[];
  query: string;
}

/** @throws what Postgres says */
export async function openWatched(pool: Pool): Promise<Watched> {
  const { rows: tables } = await pool.query<TableShape>(TABLES);
  return { pool, tables, query: lookQuery(tables) };
}

/**
 * Reads everything once, in one statement and so in one moment. It locks nothing that anybody else
 * could wait for.
 * @throws what Postgres says: the server is away, or it took too long
 */
export async function takeLook({ pool, query }: Watched, now: () => number): Promise<Look> {
  const startedAt = now();
  // Named, so that the server plans it once and not at every look.
  const { rows } = await pool.query<{ look: Omit<Look, 'startedAt' | 'endedAt'> }>({
    name: 'look',
    text: query,
  });
  const [found] = rows;
  if (found === undefined) throw new Error('a select without a row');
  return { startedAt, endedAt: now(), ...found.look, rows: flatRows(found.look.rows) };
}

/** JSON within a row is shown as its text. */
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
