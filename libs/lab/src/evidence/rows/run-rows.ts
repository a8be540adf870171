import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@indoubt/failure';
import { z } from 'zod';
import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import { firstIssue } from '../../text/first-issue.ts';
import type { Row } from './row.ts';

/** Rows of all databases of a run, as polled. Times are epoch milliseconds. */
export interface RunRows {
  version: 1;
  databases: { owner: DatabaseOwner; tables: WatchedTable[] }[];
  /** In the order in which the polls saw them. */
  changes: SeenChange[];
  prepared: SeenPrepared[];
  waits: SeenWait[];
  /** Successful polls, polls whose server was away or too slow, and their total time. */
  polls: { done: number; missed: number; tookMs: number };
  /** What was left out, each in a sentence. */
  leftOut: string[];
}

export interface WatchedTable {
  name: string;
  /** Columns of the primary key; empty when the table has none. */
  key: string[];
  columns: string[];
  /** The rows in the first poll. */
  before: Row[];
}

export interface SeenChange {
  owner: DatabaseOwner;
  table: string;
  kind: 'added' | 'changed' | 'removed';
  /** The row after the change; for a removed row, before it. */
  row: Row;
  /** Names of the columns that changed; empty unless `changed`. */
  columns: string[];
  /** The change came after the previous poll, which started at this time … */
  after: number;
  /** … and before the end of this poll. */
  at: number;
}

/**
 * A state that lasted for some time. Its beginning is computed from an age that the server reports.
 */
interface Seen {
  owner: DatabaseOwner;
  from: number;
  /** The first poll that did not see the state any more; null when the last poll saw it. */
  until: number | null;
}

export interface SeenPrepared extends Seen {
  gid: string;
}

export interface SeenWait extends Seen {
  pid: number;
  /** Name of the application that waits, such as `order`. */
  name: string;
  /** Such as `a row of stock`. */
  waitsFor: string;
  /** The beginning of the statement that waits. */
  statement: string;
  /**
   * The gid of the prepared transaction that blocks, else the statement of the session that blocks.
   */
  heldBy: string;
}

const FILE = 'rows.json';

/**
 * Writes the rows into the folder of the run, readable only by its owner, because they contain the
 * data of the databases. An error does not fail the run.
 * @returns null, or why the file could not be written
 */
export async function writeRows(runDir: string, rows: RunRows): Promise<string | null> {
  const file = join(runDir, FILE);
  try {
    await writeFile(file, `${JSON.stringify(rows)}\n`, { mode: 0o600 });
    return null;
  } catch (error) {
    await rm(file, { force: true }).catch(() => undefined); // an incomplete file cannot be read
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    return `the rows ${file} could not be written: ${why}`;
  }
}

/**
 * @returns null for a run without stored rows
 * @throws Failure 'invalid-request' (definite) when the file is damaged
 */
export async function readRows(runDir: string): Promise<RunRows | null> {
  const file = join(runDir, FILE);
  const read = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw damaged(file, error.message);
  });
  if (read === null) return null;
  const checked = ROWS.safeParse(parsed(read, file));
  if (checked.success) return checked.data;
  throw damaged(file, `it does not hold the rows of a run (${firstIssue(checked.error)})`);
}

function parsed(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damaged(file, 'it is not JSON');
  }
}

const OWNER = z.enum(DATABASE_OWNERS);
const ROW = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullable());
const SEEN = { owner: OWNER, from: z.number(), until: z.number().nullable() };
const TABLE = z.object({
  name: z.string(),
  key: z.array(z.string()),
  columns: z.array(z.string()),
  before: z.array(ROW),
});
const CHANGE = z.object({
  owner: OWNER,
  table: z.string(),
  kind: z.enum(['added', 'changed', 'removed']),
  row: ROW,
  columns: z.array(z.string()),
  after: z.number(),
  at: z.number(),
});
const WAIT = z.object({
  ...SEEN,
  pid: z.number(),
  name: z.string(),
  waitsFor: z.string(),
  statement: z.string(),
  heldBy: z.string(),
});
const ROWS: z.ZodType<RunRows> = z.object({
  version: z.literal(1),
  databases: z.array(z.object({ owner: OWNER, tables: z.array(TABLE) })),
  changes: z.array(CHANGE),
  prepared: z.array(z.object({ ...SEEN, gid: z.string() })),
  waits: z.array(WAIT),
  polls: z.object({ done: z.number(), missed: z.number(), tookMs: z.number() }),
  leftOut: z.array(z.string()),
});

function damaged(file: string, why: string): Failure {
  return new Failure(
    'invalid-request',
    `the run's folder is damaged: ${file}: ${why}.\n` +
      'Next: remove that file for a report without rows, or play the scenario again.',
  );
}
