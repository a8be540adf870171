import { expect, test } from 'vitest';
import { type Breach, houseFiles, isTest, report, type SourceFile, typescriptOf } from './house.ts';
import { callsOf } from './syntax.ts';

const PAGE = 'docs/idempotency.md';

/** Each row of a table with a column `test` names a test that is there, or a file of them. */
function unproved(page: SourceFile, tests: SourceFile[]): Breach[] {
  const names = new Set(tests.flatMap(namesIn));
  let isIn = false;
  return page.text.split('\n').flatMap((text, index) => {
    const cells = text
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells.length === 0) isIn = false;
    if (cells.at(-1) === 'test') isIn = true;
    const last = cells.at(-1) ?? '';
    if (!isIn || last === 'test' || /^-+$/.test(last)) return [];
    const [, name] = /^`(.+)`$/.exec(last) ?? [];
    const isThere = name === undefined ? /^\[.+\.test\.ts\]/.test(last) : names.has(name);
    const says = `no test is called ${last}: name one that fails if this clause is broken`;
    return isThere ? [] : [{ path: page.path, line: index + 1, says }];
  });
}

/** What is called as a test, by `test(…)` or by `test.each(…)(…)`. */
function namesIn(file: SourceFile): string[] {
  return callsOf(file).flatMap(({ callee, args: [first] }) => {
    const value = first?.type === 'Literal' ? first['value'] : undefined;
    return /^test\b/.test(callee) && typeof value === 'string' ? [value] : [];
  });
}

const NAMED = { path: 'a.test.ts', text: "test('a clause', () => {});" };

test.each([
  ['| clause | test |\n| --- | --- |\n| a | `a clause` |', 0],
  ['| clause | test |\n| --- | --- |\n| a | [a.test.ts](a.test.ts) |', 0],
  ['| clause | test |\n| --- | --- |\n| a | `another clause` |', 1],
  ['| clause | test |\n| --- | --- |\n| a | |', 1],
  ['| clause | who |\n| --- | --- |\n| a | nobody |', 0],
])('%j: %i rows without a test', (text, count) => {
  expect(unproved({ path: PAGE, text }, [NAMED])).toHaveLength(count);
});

test('each clause of the idempotency keys names its test', () => {
  const files = houseFiles();
  const page = files.find(({ path }) => path === PAGE);
  if (page === undefined) throw new Error(`${PAGE} is gone`);
  const tests = typescriptOf(files).filter(({ path }) => isTest(path));
  expect(report(unproved(page, tests))).toBe('');
  expect(page.text).toContain('| test |');
});
