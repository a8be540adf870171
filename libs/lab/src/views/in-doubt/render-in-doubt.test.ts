import { expect, test } from 'vitest';
import type { DecisionInLog } from '../../evidence/in-doubt/decision-in-log.ts';
import type { InDoubt, InDoubtTransaction } from '../../evidence/in-doubt/list-in-doubt.ts';
import {
  sampleBranch,
  sampleInDoubt,
  sampleOrphan,
} from '../../evidence/in-doubt/sample-in-doubt.fixture.ts';
import { createPaint } from '../../text/paint.ts';
import { renderInDoubt } from './render-in-doubt.ts';

const PLAIN = createPaint(false);
const render = (inDoubt: InDoubt): string => renderInDoubt(inDoubt, PLAIN);
const renderOne = (item: InDoubtTransaction): string => render({ items: [item], unread: [] });
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

test('a prepared transaction has a gid, age, decision, locked rows and blocked sessions', () => {
  const text = render(sampleInDoubt());
  expect(text).toContain('2 prepared transactions');
  expect(text).toContain('lab-1a2b3c4d/inventory/019a0b3e-7c11-7d2f-9a41-5f2e8c0d1b77\n');
  expect(text).toContain('12.3 s ago, in the database of inventory');
  expect(text).toMatch(/decision +commit: /);
  expect(text).toMatch(/locks +1 row of stock: sku=tea\n/);
  expect(text).toMatch(/^ +new rows, invisible until the commit, in branches$/m);
  expect(text).toMatch(/^ +rows whose lock it shares with other transactions, in customers$/m);
  expect(text).toContain('inventory (process 4711) waits 3.2 s for the end of a transaction');
  expect(text).toContain('psql (process 4712) waits 900 ms for a row of stock, behind 4711');
});

test('an orphan is called an orphan, and its age is in days', () => {
  const text = renderOne(sampleOrphan());
  expect(text).toMatch(/prepared +3 days ago/);
  expect(text).toMatch(/decision +unknown: an orphan/);
  expect(text).toMatch(/blocked +no session/);
});

test.each<[DecisionInLog, RegExp]>([
  ['abort', /decision +abort: /],
  ['presumed-abort', /decision +none .*presumed abort, unless votes are still being collected/],
  ['undecided', /decision +none yet/],
  ['unknown', /decision +unknown: .*log does not answer/],
])('the decision %s is shown with its meaning', (decision, says) => {
  expect(renderOne({ ...sampleBranch(), decision })).toMatch(says);
});

test('an empty list and a database that does not answer are both reported', () => {
  expect(render({ items: [], unread: [] })).toBe(
    'nothing is in doubt: no transaction is prepared.\n',
  );
  const text = render({ items: [], unread: ['payment'] });
  expect(text).toContain('payment: its database does not answer');
  expect(text).toContain('nothing is in doubt in the databases that answer');
});

test('many rows and a long queue are cut and counted', () => {
  const rows = Array.from({ length: 20 }, (_, n) => ({ order_id: n, sku: 'a long name of a sku' }));
  const [session] = sampleBranch().blocked;
  const blocked = Array.from({ length: 30 }, () => session).filter((each) => each !== undefined);
  const locked = [{ table: 'order_lines', wrote: true, count: 412, rows }];
  const text = renderOne({ ...sampleBranch(), locked, blocked });
  expect(text).toContain('412 rows of order_lines: order_id=0 sku=a long name of a sku;');
  expect(text).toContain('and 392 more');
  expect(text).toContain('30 sessions');
  expect(text).toContain('and 22 more (all of them in --json)');
  expect(widest(text)).toBeLessThanOrEqual(100);
});

test('a table that a session waits to lock as a whole is reported as unreadable', () => {
  const locked = [{ table: 'stock', wrote: true, count: null, rows: [] }];
  expect(renderOne({ ...sampleBranch(), locked })).toContain('stock: cannot be read');
});

test('the longest gid fits, and control characters in names are escaped', () => {
  const [session] = sampleBranch().blocked;
  const evil = { name: '\u001b[2J', query: `select '\u001b]0;x'${' or true'.repeat(40)}` };
  const blocked = session === undefined ? [] : [{ ...session, ...evil }];
  const locked = [{ table: 'a\nb', wrote: true, count: 1, rows: [{ 'k\u0007': 'v\r' }] }];
  const text = renderOne({ ...sampleOrphan(), gid: 'g'.repeat(199), blocked, locked });
  expect(widest(text)).toBeLessThanOrEqual(100);
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});
