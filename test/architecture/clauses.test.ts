import { expect, test } from 'vitest';
import { type Breach, eachLine, houseFiles, isTest, report, type SourceFile } from './house.ts';

const PAGE = 'docs/idempotency.md';
/** A table in which each row names, in its last cell, the test that checks the row. */
const TABLE_WITH_TESTS = /^\|.*\| test \|$/;
const RULE = /^\|[ |-]+\|$/;
const NAMED_TEST = /\| `([^`]+)` \|$/;
const LINKED_FILE = /\| \[[^\]]+\.test\.ts\]\([^)]+\) \|$/;

/** Rows of these tables whose last cell names no test that exists. */
function unproved(page: SourceFile, tests: SourceFile[]): Breach[] {
  let isInTable = false;
  return eachLine(page, (line) => {
    if (!line.startsWith('|')) isInTable = false;
    if (TABLE_WITH_TESTS.test(line)) isInTable = true;
    else if (isInTable && !RULE.test(line) && !LINKED_FILE.test(line)) {
      const [, name] = NAMED_TEST.exec(line) ?? [];
      if (name === undefined || !tests.some(({ text }) => isCalled(name, text))) {
        return `no test is called "${name}": name one that fails if this clause is broken`;
      }
    }
    return undefined;
  });
}

/** Whether a test has this name: the first argument of `test(…)` or `test.each(…)(…)`. */
function isCalled(name: string, text: string): boolean {
  return text
    .split(`'${name}'`)
    .slice(0, -1)
    .some((before) => /(\btest|\))\(\s*$/.test(before));
}

test('the rule finds a clause that names a test that does not exist', () => {
  const tests = [{ path: 'a.test.ts', text: "test('a clause', () => {});" }];
  const rows = ['| a | `a clause` |', '| b | `another clause` |', '| c | |', '| d | later |'];
  const text = ['| clause | test |', '| --- | --- |', ...rows, '| e | [d.test.ts](d.test.ts) |'];
  const found = unproved({ path: PAGE, text: text.join('\n') }, tests);
  expect(found.map(({ line }) => line)).toEqual([4, 5, 6]);
  const quoted = [{ path: 'a.test.ts', text: "// 'a clause' is checked elsewhere" }];
  expect(unproved({ path: PAGE, text: text.join('\n') }, quoted)).toHaveLength(4);
});

test('each clause in docs/idempotency.md names an existing test', () => {
  const files = houseFiles();
  const page = files.find(({ path }) => path === PAGE);
  if (page === undefined) throw new Error(`${PAGE} is gone`);
  const tests = files.filter(({ path }) => isTest(path));
  expect(page.text.match(new RegExp(NAMED_TEST, 'gm'))?.length).toBeGreaterThan(20);
  expect(report(unproved(page, tests))).toBe('');
});
