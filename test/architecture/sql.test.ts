import { expect, test } from 'vitest';
import { type Breach, houseFiles, isTest, report, type SourceFile, typescriptOf } from './house.ts';
import { callsOf, literalsOf } from './syntax.ts';

const MAY_HOLD_SQL = [
  /^services\/[^/]+\/src\/[a-z-]+-store\.ts$/,
  /^libs\/(patterns\/[^/]+|platform\/(database|shop)|lab)\//,
];
const STATEMENT = new RegExp(
  [
    '^\\s*(select\\s.+\\sfrom|insert\\s+into|update\\s+\\S+\\s+set|delete\\s+from',
    'with\\s+\\w+\\s+as|create\\s+(table|index)|prepare\\s+transaction',
    '(commit|rollback)\\s+prepared)\\s',
  ].join('|'),
  'is',
);

function strayingSql(files: SourceFile[]): Breach[] {
  return typescriptOf(files)
    .filter(({ path }) => /^(libs|services|scenarios)\//.test(path))
    .filter(({ path }) => !isTest(path) && !MAY_HOLD_SQL.some((place) => place.test(path)))
    .flatMap((file) => {
      const queries = callsOf(file).filter(({ callee }) => callee.endsWith('.query'));
      const statements = literalsOf(file).filter(({ value }) => STATEMENT.test(`${value} `));
      const lines = new Set([...queries, ...statements].map(({ line }) => line));
      const says = 'contains SQL: move it into the *-store.ts beside it, as a function with a name';
      return [...lines].map((line) => ({ path: file.path, line, says }));
    });
}

test.each([
  ['services/order/src/place-order.ts', "await tx.query('lock table orders', []);"],
  ['services/order/src/http.ts', 'await pool\n.query<Row>(text, values);'],
  ['libs/platform/http/src/a.ts', 'const text = `\n  select id\n  from orders`;'],
  ['scenarios/relay-crash/scenario.ts', "const text = 'DELETE FROM outbox';"],
])('the rule finds SQL outside of a store: %s', (path, text) => {
  expect(strayingSql([{ path, text }])).toHaveLength(1);
});

test.each([
  ['services/order/src/order-store.ts', "await tx.query('select 1 from orders', []);"],
  ['services/order/src/order-store.test.ts', "const text = 'delete from orders';"],
  ['libs/patterns/outbox/src/claim.ts', "await tx.query('update outbox set sent = true', []);"],
  ['services/order/src/http.ts', "const words = 'select a customer, update set';"],
])('the rule accepts the file %s', (path, text) => {
  expect(strayingSql([{ path, text }])).toEqual([]);
});

test('SQL is only in stores', () => {
  expect(report(strayingSql(houseFiles()))).toBe('');
});
