import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import type { Poll } from './poll-database.ts';
import { type RowsByKey, rowChanges, rowsByKey } from './row-changes.ts';
import type { RunRows, SeenChange, SeenPrepared, SeenWait, WatchedTable } from './run-rows.ts';
import { ROWS_MAX, type TableShape } from './table-query.ts';

/** Collects polls into the result of a run: the first poll, and what changed since. */
export interface RowsSeen {
  /** Adds the first poll of a database. */
  begin(owner: DatabaseOwner, tables: readonly TableShape[], poll: Poll): void;
  /**
   * Adds a further poll.
   * @returns whether any row changed since the previous poll, and whether a transaction is prepared
   *   or a session waits
   */
  see(owner: DatabaseOwner, poll: Poll): { changed: boolean; held: boolean };
  result(polls: RunRows['polls']): RunRows;
}

interface Database {
  tables: { table: WatchedTable; rows: RowsByKey }[];
  polledAt: number;
}

/** More changes than any scenario makes. Later changes are counted and dropped. */
const CHANGES_MAX = 30_000;

export function createRowsSeen(): RowsSeen {
  const databases = new Map<DatabaseOwner, Database>();
  const changes = createChanges();
  const prepared: SeenPrepared[] = [];
  const waits: SeenWait[] = [];
  const tooLong = new Set<string>();

  function sizeOf(owner: DatabaseOwner, table: string, found: number): void {
    if (found > ROWS_MAX) tooLong.add(`${owner}'s table ${table}`);
  }

  return {
    begin(owner, shapes, poll) {
      const tables = shapes.map(({ name, key, columns }) => {
        const found = poll.rows[name] ?? [];
        sizeOf(owner, name, found.length);
        const table = { name, key, columns, before: found.slice(0, ROWS_MAX) };
        return { table, rows: rowsByKey(table, found) };
      });
      databases.set(owner, { tables, polledAt: poll.startedAt });
    },
    see(owner, poll) {
      const database = databases.get(owner);
      if (database === undefined) return { changed: false, held: false };
      const before = changes.count();
      for (const { table } of database.tables) {
        sizeOf(owner, table.name, poll.rows[table.name]?.length ?? 0);
      }
      for (const change of changesIn(database, poll)) changes.add({ owner, ...change });
      notePrepared(prepared, owner, poll);
      noteWaits(waits, owner, poll);
      const held = poll.prepared.length + poll.waiting.length > 0;
      return { changed: changes.count() > before, held };
    },
    result(polls) {
      const tables = DATABASE_OWNERS.flatMap((owner) => {
        const database = databases.get(owner);
        return database === undefined ? [] : [{ owner, tables: tablesOf(database) }];
      });
      const { kept, leftOut } = changes.result();
      const long = [...tooLong].map((where) => `Of ${where} ${ONLY_NEWEST}`);
      const rest = { prepared, waits, polls, leftOut: [...long, ...leftOut] };
      return { version: 1, databases: tables, changes: kept, ...rest };
    },
  };
}

/** The changes since the previous poll. The new poll then replaces the previous one. */
function changesIn(database: Database, poll: Poll): Omit<SeenChange, 'owner'>[] {
  const after = database.polledAt;
  database.polledAt = poll.startedAt;
  return database.tables.flatMap((each) => {
    const { name } = each.table;
    const [before, rows] = [each.rows, rowsByKey(each.table, poll.rows[name] ?? [])];
    each.rows = rows;
    return rowChanges(before, rows).map((change) => {
      return { table: name, after, at: poll.endedAt, ...change };
    });
  });
}

const ONLY_NEWEST = `only the newest ${ROWS_MAX} rows were read.`;

function createChanges() {
  const kept: SeenChange[] = [];
  let seen = 0;
  return {
    add(change: SeenChange): void {
      seen += 1;
      if (seen <= CHANGES_MAX) kept.push(change);
    },
    count: () => seen,
    result() {
      const more = seen - kept.length;
      const sentence = `${more} changes of rows after the first ${CHANGES_MAX} were left out.`;
      return { kept, leftOut: more === 0 ? [] : [sentence] };
    },
  };
}

function tablesOf({ tables }: Database): WatchedTable[] {
  return tables.map(({ table }) => table);
}

function notePrepared(seen: SeenPrepared[], owner: DatabaseOwner, poll: Poll): void {
  const open = seen.filter((each) => each.owner === owner && each.until === null);
  for (const each of open) {
    if (!poll.prepared.some(({ gid }) => gid === each.gid)) each.until = poll.endedAt;
  }
  for (const { gid, ageMs } of poll.prepared) {
    if (open.some((each) => each.gid === gid)) continue;
    seen.push({ owner, gid, from: poll.endedAt - ageMs, until: null });
  }
}

function noteWaits(seen: SeenWait[], owner: DatabaseOwner, poll: Poll): void {
  const open = seen.filter((each) => each.owner === owner && each.until === null);
  const same = (each: SeenWait, { pid, query }: Poll['waiting'][number]): boolean =>
    each.pid === pid && each.statement === query;
  for (const each of open) {
    if (!poll.waiting.some((waiting) => same(each, waiting))) each.until = poll.endedAt;
  }
  for (const waiting of poll.waiting) {
    if (open.some((each) => same(each, waiting))) continue;
    const { pid, name, waitsFor, waitsMs, query, heldBy, ahead } = waiting;
    const gid = poll.prepared.find(({ xid }) => heldBy.includes(xid))?.gid;
    const times = { from: poll.endedAt - waitsMs, until: null };
    const what = { pid, name, waitsFor, statement: query, heldBy: gid ?? ahead ?? waitsFor };
    seen.push({ owner, ...what, ...times });
  }
}
