import type { ReportDatabase, ReportTable, Row, RowChange } from '@indoubt/report-page';
import { isFault } from '../history/case-file.ts';
import { changedBy } from '../rows/follow-events.ts';
import { keyOf } from '../rows/row-changes.ts';
import type { RunRows, SeenChange, WatchedTable } from '../rows/run-rows.ts';
import type { Story, ToldEvent } from '../sequence/read-story.ts';
import type { OrdersOfRun } from './report-orders.ts';

/** A change with the event it belongs to. */
export interface ToldChange extends RowChange {
  owner: string;
  table: string;
}

/**
 * Each change that was seen, with the event that most likely made it: of those since the look
 * before, the one that names the same message, or else the same order, in the same database. Pure.
 */
export function toldChanges(rows: RunRows, story: Story, { named }: OrdersOfRun): ToldChange[] {
  const { events, msOf } = story;
  // A fault changes no row; what it interrupted may have.
  const by = Map.groupBy(events, ({ line }) => (isFault(line) ? null : changedBy(line)));
  return rows.changes
    .filter((change) => !isHeartbeat(change))
    .toSorted((one, other) => one.at - other.at)
    .map((change): ToldChange => {
      const own = by.get(change.owner) ?? [];
      const since = own.slice(countUntil(own, change.after), countUntil(own, change.at));
      const ofRow = named(textOf(change.row));
      const made = likeliest(since, change, ofRow);
      const { owner, table, kind, row, columns } = change;
      const event = (made ?? events[countUntil(events, change.at) - 1])?.id ?? null;
      const order = ofRow ?? made?.order ?? null;
      return { owner, table, kind, row, columns, atMs: msOf(change.at), event, order };
    });
}

/** How many events were at this time or before; they are in the order of time. */
function countUntil(events: readonly ToldEvent[], at: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.line.at ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Its relay says every second that it is there. */
function isHeartbeat({ table, columns }: SeenChange): boolean {
  return table === 'outbox_lease' && columns.length === 1 && columns[0] === 'until';
}

function textOf(row: Row): string {
  return Object.values(row).join(' ');
}

function likeliest(
  events: readonly ToldEvent[],
  change: SeenChange,
  order: string | null,
): ToldEvent | undefined {
  let [best, found]: [number, ToldEvent | undefined] = [0, undefined];
  for (const event of events) {
    const score = scoreOf(event, change, order);
    if (score > 0 && score >= best) [best, found] = [score, event];
  }
  return found;
}

/** A relay writes one mark and no more; whose database it is writes all the rest. */
function scoreOf({ line, order }: ToldEvent, change: SeenChange, ofRow: string | null): number {
  const isMark = change.columns.includes('published_at') || change.table === 'outbox_lease';
  if (line.process.startsWith('relay-') !== isMark) return 0;
  if (ofRow !== null && order !== null && order !== ofRow) return 0;
  const sameMessage = line['messageId'] === change.row['message_id'] && line['messageId'];
  return 1 + (ofRow !== null && order === ofRow ? 2 : 0) + (sameMessage ? 4 : 0);
}

/** The tables before and after, with every change, as far as they are about these orders. Pure. */
export function databasesOf(
  rows: RunRows,
  changes: readonly ToldChange[],
  { named }: OrdersOfRun,
  isKept: (order: string | null) => boolean,
): ReportDatabase[] {
  const kept = ({ row, order }: { row: Row; order?: string | null }): boolean =>
    isKept(order ?? named(textOf(row)));
  return rows.databases.map(({ owner, tables }) => ({
    owner,
    tables: tables.map((table): ReportTable => {
      const own = changes.filter((each) => each.owner === owner && each.table === table.name);
      const after = afterChanges(table, own);
      const { name, key, columns } = table;
      return {
        name,
        key,
        columns,
        before: table.before.filter((row) => kept({ row })).toReversed(),
        after: after.filter((row) => kept({ row })),
        changes: own.filter(kept).map(({ owner: _owner, table: _table, ...change }) => change),
      };
    }),
  }));
}

/** The rows as they are after all changes, the oldest first. Pure. */
function afterChanges(
  { key, before }: Pick<WatchedTable, 'key' | 'before'>,
  changes: readonly Pick<RowChange, 'kind' | 'row'>[],
): Row[] {
  const rows = new Map(before.toReversed().map((row) => [keyOf(key, row), row]));
  for (const { kind, row } of changes) {
    if (kind === 'removed') rows.delete(keyOf(key, row));
    else rows.set(keyOf(key, row), row);
  }
  return [...rows.values()];
}
