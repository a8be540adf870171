import { expect, test } from 'vitest';
import type { Poll } from './poll-database.ts';
import { createRowsSeen } from './rows-seen.ts';
import { ROWS_MAX } from './table-query.ts';

const TABLES = [{ name: 'stock', key: ['sku'], columns: ['sku', 'held'], sql: '' }];
const LOOKS = { done: 1, missed: 0, tookMs: 1 };

function poll(at: number, held: number, more: Partial<Poll> = {}): Poll {
  const rows = { stock: [{ sku: 'tea', held }] };
  return { startedAt: at, endedAt: at + 2, rows, prepared: [], waiting: [], ...more };
}

function seen(...polls: Poll[]) {
  const rows = createRowsSeen();
  const [first = poll(0, 0), ...others] = polls;
  rows.begin('inventory', TABLES, first);
  const news = others.map((each) => rows.see('inventory', each));
  return { news, ...rows.result(LOOKS) };
}

const GID = { gid: 'lab/inventory/1', xid: '77', ageMs: 5 };
const WAITING = {
  pid: 9,
  name: 'inventory',
  waitsFor: 'the end of a transaction',
  waitsMs: 4,
  query: 'update stock',
  heldBy: ['77'],
  ahead: null,
};

test('the result has the first poll and each later change with the polls around it', () => {
  const { databases, changes, news } = seen(poll(0, 0), poll(40, 0), poll(80, 2));
  expect(databases).toMatchObject([
    { owner: 'inventory', tables: [{ name: 'stock', before: [{ sku: 'tea', held: 0 }] }] },
  ]);
  expect(changes).toMatchObject([{ table: 'stock', kind: 'changed', after: 40, at: 82 }]);
  expect(news.map(({ changed }) => changed)).toEqual([false, true]);
});

test('a prepared transaction lasts from its time on the server until a poll misses it', () => {
  const held = poll(100, 0, { prepared: [GID] });
  const still = poll(140, 0, { prepared: [{ ...GID, ageMs: 45 }] });
  expect(seen(poll(0, 0), held, still, poll(180, 0)).prepared).toEqual([
    { owner: 'inventory', gid: GID.gid, from: 97, until: 182 },
  ]);
  const open = seen(poll(0, 0), held);
  expect(open.prepared).toMatchObject([{ until: null }]);
  expect(open.news).toEqual([{ changed: false, held: true }]);
});

test('a wait names the gid of a prepared transaction, else the blocking statement', () => {
  const other = { ...WAITING, pid: 10, heldBy: [], ahead: 'delete from stock' };
  const { waits } = seen(
    poll(0, 0),
    poll(100, 0, { prepared: [GID], waiting: [WAITING, other] }),
    poll(140, 0, { prepared: [GID], waiting: [{ ...WAITING, waitsMs: 44 }] }),
    poll(180, 0),
  );
  expect(waits).toMatchObject([
    { pid: 9, heldBy: GID.gid, statement: 'update stock', from: 98, until: 182 },
    { pid: 10, heldBy: 'delete from stock', from: 98, until: 142 },
  ]);
});

test('a table with more rows than a poll reads is named', () => {
  const many = Array.from({ length: ROWS_MAX + 1 }, (_, n) => ({ sku: `${n}`, held: 0 }));
  const { leftOut, databases } = seen(poll(0, 0, { rows: { stock: many } }));
  expect(databases[0]?.tables[0]?.before).toHaveLength(ROWS_MAX);
  expect(leftOut).toEqual(["Of inventory's table stock only the newest 500 rows were read."]);
  expect(seen().leftOut).toEqual([]);
});
