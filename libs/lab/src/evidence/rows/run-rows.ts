import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@indoubt/failure';
import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import {
  type Fits,
  listOf,
  mapOf,
  number,
  orNull,
  shape,
  text,
  truth,
} from '../stored-run/shape.ts';
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
  try {
    const rows: unknown = JSON.parse(read);
    if (isRows(rows)) return rows;
  } catch {
    throw damaged(file, 'it is not JSON');
  }
  throw damaged(file, 'it does not hold the rows of a run');
}

const OWNER: Fits = (value) => DATABASE_OWNERS.some((owner) => owner === value);
const ROW = mapOf(orNull((value) => text(value) || number(value) || truth(value)));
const SEEN = { owner: OWNER, from: number, until: orNull(number) };
const TABLE = shape({
  name: text,
  key: listOf(text),
  columns: listOf(text),
  before: listOf(ROW),
});
const ROWS = shape({
  version: (value) => value === 1,
  databases: listOf(shape({ owner: OWNER, tables: listOf(TABLE) })),
  changes: listOf(
    shape({
      owner: OWNER,
      table: text,
      kind: (value) => value === 'added' || value === 'changed' || value === 'removed',
      row: ROW,
      columns: listOf(text),
      after: number,
      at: number,
    }),
  ),
  prepared: listOf(shape({ ...SEEN, gid: text })),
  waits: listOf(
    shape({ ...SEEN, pid: number, name: text, waitsFor: text, statement: text, heldBy: text }),
  ),
  looks: shape({ done: number, missed: number, tookMs: number }),
  leftOut: listOf(text),
});

function isRows(value: unknown): value is RunRows {
  return ROWS(value);
}

function damaged(file: string, why: string): Failure {
  return new Failure(
    'invalid-request',
    `the run's folder is damaged: ${file}: ${why}.\n` +
      'Next: remove that file for a report without rows, or play the scenario again.',
  );
}
