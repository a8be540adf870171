import { expect, test } from 'vitest';
import type { ReportEvent, ReportTable } from './report-data.ts';
import { type Moment, rowsAt } from './rows-at.ts';
import { sampleReport } from './sample-report.fixture.ts';

const data = sampleReport('saga', { orders: 2 });
const positionOf = new Map(data.events.map(({ id }, position) => [id, position]));
const tableOf = (name: string): ReportTable => {
  const found = data.databases.flatMap(({ tables }) => tables).find((table) => table.name === name);
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
};
const eventOf = (id: number): ReportEvent => {
  const found = data.events.find((event) => event.id === id);
  if (found === undefined) throw new Error(`no event ${id}`);
  return found;
};
const seen = (name: string, moment: Moment) =>
  rowsAt(tableOf(name), moment, positionOf).map(({ row, state, isNow }) => [
    row['status'] ?? row['held'],
    state,
    isNow,
  ]);

test('before the run there is no order, and after the run both orders are rejected', () => {
  expect(seen('orders', 'before')).toEqual([]);
  expect(seen('orders', 'after')).toEqual([
    ['REJECTED', 'added', false],
    ['REJECTED', 'added', false],
  ]);
});

test('during the run, the rows are as the last poll up to the selected event saw them', () => {
  expect(seen('orders', eventOf(0))).toEqual([]);
  expect(seen('orders', eventOf(1))).toEqual([['PENDING', 'added', true]]);
  expect(seen('orders', eventOf(5))).toEqual([['PENDING', 'added', false]]);
});

test('a changed row names its changed columns and their old values', () => {
  const [tea] = rowsAt(tableOf('stock'), eventOf(8), positionOf);
  expect(tea).toMatchObject({ state: 'changed', columns: ['available', 'held'], isNow: true });
  expect(tea?.was).toMatchObject({ available: 100, held: 0 });
  expect(tea?.orders).toEqual(['A', 'B']);
  expect(tea?.isOld).toBe(true);
});

test('a row that changes at the selected event is compared with the row just before', () => {
  const [order] = rowsAt(tableOf('orders'), eventOf(16), positionOf);
  expect(order).toMatchObject({ state: 'changed', columns: ['status', 'reason'], isNow: true });
  expect(order?.was).toMatchObject({ status: 'PENDING' });
});

test('a deleted row is shown as removed', () => {
  const table = tableOf('stock');
  const [mug] = table.before.slice(1);
  if (mug === undefined) throw new Error('no mugs');
  const removed = { kind: 'removed' as const, row: mug, columns: [], order: null };
  const changes = [{ ...removed, atMs: 10, event: 1 }];
  const at = (id: number) => rowsAt({ ...table, changes }, eventOf(id), positionOf)[0]?.state;
  expect([at(0), at(1)]).toEqual(['same', 'removed']);
});

test('a change without an event counts from the time of the poll that saw it', () => {
  const table = tableOf('orders');
  const changes = table.changes.slice(0, 1).map((change) => ({ ...change, event: null }));
  const rows = (id: number) => rowsAt({ ...table, changes }, eventOf(id), positionOf).length;
  expect([rows(1), rows(2)]).toEqual([0, 1]);
});
