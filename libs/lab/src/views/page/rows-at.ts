import type { Row } from '../../evidence/rows/row.ts';
import type { ReportEvent, ReportTable, RowChange } from './report-data.ts';

/**
 * A row at some moment, and how it differs. A row that changed at this moment is compared with the
 * row just before; every other row is compared with the row before the run.
 */
export interface ShownRow {
  key: string;
  row: Row;
  /** The row that it is compared with; null when that row did not exist. */
  was: Row | null;
  state: 'same' | 'added' | 'changed' | 'removed';
  /** Columns that differ from `was`. */
  columns: string[];
  /** The row existed before the run, so it belongs to no single order. */
  isOld: boolean;
  /** The row changed at the selected event. */
  isNow: boolean;
  /** Labels of the orders that changed the row; null stands for a change by no order. */
  orders: (string | null)[];
}

export type Moment = 'before' | 'after' | ReportEvent;

/**
 * The rows of a table at a moment, changed rows first. The lab polled the rows. A change counts
 * from its most likely event, or from the time of the poll that first saw the change.
 * @param positionOf  index of an event in the order of time, by its id
 */
export function rowsAt(
  table: ReportTable,
  moment: Moment,
  positionOf: ReadonlyMap<number, number>,
): ShownRow[] {
  const before = new Map(table.before.map((row) => [keyOf(table, row), row]));
  const now = new Map(moment === 'after' ? byKey(table, table.after) : before);
  const fresh = new Map<string, Row | undefined>();
  const orders = new Map<string, Set<string | null>>();
  for (const change of table.changes) {
    const key = keyOf(table, change.row);
    orders.set(key, (orders.get(key) ?? new Set()).add(change.order));
    if (typeof moment === 'string' || !isThere(change, moment, positionOf)) continue;
    if (change.event === moment.id && !fresh.has(key)) fresh.set(key, now.get(key));
    if (change.kind === 'removed') now.delete(key);
    else now.set(key, change.row);
  }
  const keys = new Set([...before.keys(), ...fresh.keys(), ...now.keys()]);
  const rows = [...keys].map((key) => ({
    // A row that changed at the selected event is compared with the row just before.
    ...compare(fresh.has(key) ? fresh.get(key) : before.get(key), now.get(key)),
    key,
    isOld: before.has(key),
    isNow: fresh.has(key),
    orders: [...(orders.get(key) ?? [])],
  }));
  return rows.toSorted((a, b) => Number(b.orders.length > 0) - Number(a.orders.length > 0));
}

function byKey(table: ReportTable, rows: Row[]): [string, Row][] {
  return rows.map((row) => [keyOf(table, row), row]);
}

/** The primary key as one text; all columns for a table without a primary key. */
function keyOf({ key, columns }: ReportTable, row: Row): string {
  return JSON.stringify((key.length > 0 ? key : columns).map((column) => row[column] ?? null));
}

function isThere(
  change: RowChange,
  moment: ReportEvent,
  positionOf: ReadonlyMap<number, number>,
): boolean {
  const position = change.event === null ? undefined : positionOf.get(change.event);
  const selected = positionOf.get(moment.id);
  if (position === undefined || selected === undefined) return change.atMs <= moment.atMs;
  return position <= selected;
}

function compare(was: Row | undefined, is: Row | undefined) {
  if (is === undefined) {
    return { row: was ?? {}, was: was ?? null, state: 'removed' as const, columns: [] };
  }
  if (was === undefined) return { row: is, was: null, state: 'added' as const, columns: [] };
  const columns = Object.keys(is).filter((column) => is[column] !== was[column]);
  return {
    row: is,
    was,
    state: columns.length > 0 ? ('changed' as const) : ('same' as const),
    columns,
  };
}
