import type { Row } from '../../evidence/rows/row.ts';
import { keyOf } from '../../evidence/rows/row-changes.ts';
import type { RunRows, SeenChange, WatchedTable } from '../../evidence/rows/run-rows.ts';
import type { ReportDatabase, ReportTable, RowChange } from '../page/report-data.ts';
import type { Story } from '../sequence/read-story.ts';
import { eventOfChange, writtenAt } from './event-of-change.ts';
import type { OrdersOfRun } from './report-orders.ts';

/** A change with its event. */
export interface AssignedChange extends RowChange {
  owner: string;
  table: string;
}

/** All changes that were polled, each with the event that most likely made it. Pure. */
export function assignChanges(
  rows: RunRows,
  story: Story,
  { named }: OrdersOfRun,
): AssignedChange[] {
  const eventOf = eventOfChange(story);
  return rows.changes
    .filter((change) => !isHeartbeat(change))
    .toSorted((one, other) => one.at - other.at || (writtenAt(one) ?? 0) - (writtenAt(other) ?? 0))
    .map((change): AssignedChange => {
      const ofRow = named(textOf(change.row));
      const made = eventOf(change, ofRow);
      const { owner, table, kind, row, columns, at } = change;
      const [event, order] = [made?.id ?? null, ofRow ?? made?.order ?? null];
      return { owner, table, kind, row, columns, atMs: story.msOf(at), event, order };
    });
}

/** Whether the change is only the heartbeat of a relay, once a second. */
function isHeartbeat({ table, columns }: SeenChange): boolean {
  return table === 'outbox_lease' && columns.length === 1 && columns[0] === 'until';
}

function textOf(row: Row): string {
  return Object.values(row).join(' ');
}

/** The tables before and after, with all changes, restricted to the shown orders. Pure. */
export function databasesOf(
  rows: RunRows,
  changes: readonly AssignedChange[],
  { named }: OrdersOfRun,
  isShown: (order: string | null) => boolean,
): ReportDatabase[] {
  const shown = ({ row, order }: { row: Row; order?: string | null }): boolean =>
    isShown(order ?? named(textOf(row)));
  const byTable = Map.groupBy(changes, ({ owner, table }) => `${owner}.${table}`);
  return rows.databases.map(({ owner, tables }) => ({
    owner,
    tables: tables.map((table): ReportTable => {
      const own = byTable.get(`${owner}.${table.name}`) ?? [];
      const after = afterChanges(table, own);
      const { name, key, columns } = table;
      return {
        name,
        key,
        columns,
        before: table.before.filter((row) => shown({ row })).toReversed(),
        after: after.filter((row) => shown({ row })),
        changes: own.filter(shown).map(({ owner: _owner, table: _table, ...change }) => change),
      };
    }),
  }));
}

/** The rows after all changes, oldest first. Pure. */
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
