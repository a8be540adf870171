import type { Row } from './row.ts';

import type { SeenChange, WatchedTable } from './run-rows.ts';
import { ROWS_MAX } from './table-query.ts';

type Change = Pick<SeenChange, 'kind' | 'row' | 'columns'>;

/** The rows of a table in one poll, by their key. */
export type RowsByKey = ReadonlyMap<string, Row>;

/** Pure. */
export function rowsByKey({ key }: Pick<WatchedTable, 'key'>, rows: readonly Row[]): RowsByKey {
  return new Map(rows.slice(0, ROWS_MAX).map((row) => [keyOf(key, row), row]));
}

/**
 * The differences between two polls of a table. When a table has more rows than a poll reads, no
 * row is called removed: newer rows may have displaced it. Pure.
 */
export function rowChanges(before: RowsByKey, after: RowsByKey): Change[] {
  const changes: Change[] = [];
  for (const [key, row] of after) {
    const was = before.get(key);
    if (was === undefined) changes.push({ kind: 'added', row, columns: [] });
    else {
      const columns = Object.keys(row).filter((column) => row[column] !== was[column]);
      if (columns.length > 0) changes.push({ kind: 'changed', row, columns });
    }
  }
  const isWhole = after.size < ROWS_MAX;
  for (const [key, row] of isWhole ? before : []) {
    if (!after.has(key)) changes.push({ kind: 'removed', row, columns: [] });
  }
  return changes;
}

/** The key of a row; all columns when the table has no key. */
export function keyOf(key: readonly string[], row: Row): string {
  return JSON.stringify(key.length === 0 ? row : key.map((column) => row[column]));
}
