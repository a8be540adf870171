import type { Row } from '../../evidence/rows/row.ts';
import type { ReportEvent, ReportTable, RowChange } from './report-data.ts';

/**
 * A row as it was at some moment, and how it differs: of what changed at that very moment from just
 * before it, of all else from before the run.
 */
export interface ShownRow {
  key: string;
  row: Row;
  /** What it is compared with; null for a row that was not there. */
  was: Row | null;
  state: 'same' | 'added' | 'changed' | 'removed';
  /** Columns that differ from that. */
  columns: string[];
  /** It was there before the run: it belongs to no order alone. */
  isOld: boolean;
  /** It became so at the very event that is selected. */
  isNow: boolean;
  /** Labels of the orders that changed it in the run; null among them for a change of nobody's. */
  orders: (string | null)[];
}

export type Moment = 'before' | 'after' | ReportEvent;

/**
 * The rows of a table at a moment, those that changed first. The rows were looked at every now and
 * then: a change counts as there from the last event before the look that first saw it.
 * @param positionOf  place of an event in the order of time, by its id
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
    // What changed just now is compared with how it was just before.
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

/** One text of the primary key. */
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
