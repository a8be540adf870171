import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@indoubt/failure';
import { z } from 'zod';
import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import { firstIssue } from '../../text/first-issue.ts';
import type { Row } from './row.ts';

/** Rows of all databases of a run, as looks saw them. Times are epoch milliseconds. */
export interface RunRows {
  version: 1;
  databases: { owner: DatabaseOwner; tables: WatchedTable[] }[];
  /** In the order in which they were seen. */
  changes: SeenChange[];
  prepared: SeenPrepared[];
  waits: SeenWait[];
  /** Looks that read something, those that found a server away or too slow, and their cost. */
  looks: { done: number; missed: number; tookMs: number };
  /** What was not kept, each in a sentence. */
  leftOut: string[];
}

export interface WatchedTable {
  name: string;
  /** Columns of the primary key; empty when it has none. */
  key: string[];
  columns: string[];
  /** As the first look saw them. */
  before: Row[];
}

export interface SeenChange {
  owner: DatabaseOwner;
  table: string;
  kind: 'added' | 'changed' | 'removed';
  /** The row afterwards; of a removed one, as it was. */
  row: Row;
  /** Names of the columns that changed; empty unless `changed`. */
  columns: string[];
  /** It changed after the look that was before this time … */
  after: number;
  /** … and before this look. */
  at: number;
}

/** Something that lasted: from what the server says of its beginning. */
interface Seen {
  owner: DatabaseOwner;
  from: number;
  /** The first look that did not see it any more; null when the last look did. */
  until: number | null;
}

export interface SeenPrepared extends Seen {
  gid: string;
}

export interface SeenWait extends Seen {
  pid: number;
  /** Application that waits, such as `order`. */
  name: string;
  /** Such as `a row of stock`. */
  waitsFor: string;
  /** What it wanted to do: the beginning of its statement. */
  statement: string;
  /** The gid of a prepared transaction, else the statement of the session that it waits behind. */
  heldBy: string;
}

const FILE = 'rows.json';

/**
 * It has what the databases had in them: for its owner's eyes.
 * @returns null, or why it could not be written, and then there is none: no run fails for that
 */
export async function writeRows(runDir: string, rows: RunRows): Promise<string | null> {
  const file = join(runDir, FILE);
  try {
    await writeFile(file, `${JSON.stringify(rows)}\n`, { mode: 0o600 });
    return null;
  } catch (error) {
    await rm(file, { force: true }).catch(() => undefined); // what is cut short is worth nothing
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    return `the rows ${file} could not be written: ${why}`;
  }
}

/**
 * @returns null for a run that was not watched, or is older than the watching
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
  looks: z.object({ done: z.number(), missed: z.number(), tookMs: z.number() }),
  leftOut: z.array(z.string()),
});

function damaged(file: string, why: string): Failure {
  return new Failure(
    'invalid-request',
    `the run's folder is damaged: ${file}: ${why}.\n` +
      'Next: remove that file for a report without rows, or play the scenario again.',
  );
}
