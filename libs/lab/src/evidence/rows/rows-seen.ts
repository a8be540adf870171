import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import { type RowsByKey, rowChanges, rowsByKey } from './row-changes.ts';
import type { RunRows, SeenChange, SeenPrepared, SeenWait, WatchedTable } from './run-rows.ts';
import { ROWS_MAX, type TableShape } from './table-query.ts';
import type { Look } from './take-look.ts';

/** Puts looks together to what is kept of a run: the first of them, and what changed since. */
export interface RowsSeen {
  /** The first look at a database. */
  begin(owner: DatabaseOwner, tables: readonly TableShape[], look: Look): void;
  /**
   * A further look.
   * @returns whether any row changed since the one before, and whether anybody holds or waits
   */
  see(owner: DatabaseOwner, look: Look): { changed: boolean; held: boolean };
  result(looks: RunRows['looks']): RunRows;
}

interface Database {
  tables: { table: WatchedTable; rows: RowsByKey }[];
  lookedAt: number;
}

/** More than any story makes; beyond it only the first are kept. */
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
    begin(owner, shapes, look) {
      const tables = shapes.map(({ name, key, columns }) => {
        const found = look.rows[name] ?? [];
        sizeOf(owner, name, found.length);
        const table = { name, key, columns, before: found.slice(0, ROWS_MAX) };
        return { table, rows: rowsByKey(table, found) };
      });
      databases.set(owner, { tables, lookedAt: look.startedAt });
    },
    see(owner, look) {
      const database = databases.get(owner);
      if (database === undefined) return { changed: false, held: false };
      const before = changes.count();
      for (const { table } of database.tables) {
        sizeOf(owner, table.name, look.rows[table.name]?.length ?? 0);
      }
      for (const change of changesIn(database, look)) changes.add({ owner, ...change });
      notePrepared(prepared, owner, look);
      noteWaits(waits, owner, look);
      const held = look.prepared.length + look.waiting.length > 0;
      return { changed: changes.count() > before, held };
    },
    result(looks) {
      const tables = DATABASE_OWNERS.flatMap((owner) => {
        const database = databases.get(owner);
        return database === undefined ? [] : [{ owner, tables: tablesOf(database) }];
      });
      const { kept, leftOut } = changes.result();
      const long = [...tooLong].map((where) => `Of ${where} ${ONLY_NEWEST}`);
      const rest = { prepared, waits, looks, leftOut: [...long, ...leftOut] };
      return { version: 1, databases: tables, changes: kept, ...rest };
    },
  };
}

/** What changed since the look before, which this one takes the place of. */
function changesIn(database: Database, look: Look): Omit<SeenChange, 'owner'>[] {
  const after = database.lookedAt;
  database.lookedAt = look.startedAt;
  return database.tables.flatMap((each) => {
    const { name } = each.table;
    const [before, rows] = [each.rows, rowsByKey(each.table, look.rows[name] ?? [])];
    each.rows = rows;
    return rowChanges(before, rows).map((change) => {
      return { table: name, after, at: look.endedAt, ...change };
    });
  });
}

const ONLY_NEWEST = `only the newest ${ROWS_MAX} rows were looked at.`;

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
      const told = `${more} changes of rows after the first ${CHANGES_MAX} were not kept.`;
      return { kept, leftOut: more === 0 ? [] : [told] };
    },
  };
}

function tablesOf({ tables }: Database): WatchedTable[] {
  return tables.map(({ table }) => table);
}

function notePrepared(seen: SeenPrepared[], owner: DatabaseOwner, look: Look): void {
  const open = seen.filter((each) => each.owner === owner && each.until === null);
  for (const each of open) {
    if (!look.prepared.some(({ gid }) => gid === each.gid)) each.until = look.endedAt;
  }
  for (const { gid, ageMs } of look.prepared) {
    if (open.some((each) => each.gid === gid)) continue;
    seen.push({ owner, gid, from: look.endedAt - ageMs, until: null });
  }
}

function noteWaits(seen: SeenWait[], owner: DatabaseOwner, look: Look): void {
  const open = seen.filter((each) => each.owner === owner && each.until === null);
  const same = (each: SeenWait, { pid, query }: Look['waiting'][number]): boolean =>
    each.pid === pid && each.statement === query;
  for (const each of open) {
    if (!look.waiting.some((waiting) => same(each, waiting))) each.until = look.endedAt;
  }
  for (const waiting of look.waiting) {
    if (open.some((each) => same(each, waiting))) continue;
    const { pid, name, waitsFor, waitsMs, query, heldBy, ahead } = waiting;
    const gid = look.prepared.find(({ xid }) => heldBy.includes(xid))?.gid;
    const times = { from: look.endedAt - waitsMs, until: null };
    const what = { pid, name, waitsFor, statement: query, heldBy: gid ?? ahead ?? waitsFor };
    seen.push({ owner, ...what, ...times });
  }
}
