import { expect, test } from 'vitest';
import { type Breach, eachLine, houseFiles, isTest, report, type SourceFile } from './house.ts';

const PAGE = 'docs/idempotency.md';
/** The last cell of a table row, if the cell is the quoted name of a test. */
const NAMED_TEST = /\| `([^`]+)` \|$/;

/** Rows of the page whose last cell quotes the name of a test that does not exist. */
function unproved(page: SourceFile, tests: SourceFile[]): Breach[] {
  return eachLine(page, (line) => {
    const [, name] = NAMED_TEST.exec(line) ?? [];
    if (name === undefined || tests.some(({ text }) => text.includes(`'${name}'`)))
      return undefined;
    return `no test is called "${name}": name one that fails if this clause is broken`;
  });
}

test('the rule finds a clause that names a test that does not exist', () => {
  const tests = [{ path: 'a.test.ts', text: "test('a clause', () => {});" }];
  const text = '| a | `a clause` |\n| b | `another clause` |\n| c | [d.test.ts](d.test.ts) |';
  expect(unproved({ path: PAGE, text }, tests)).toMatchObject([{ line: 2 }]);
});

test('each clause in docs/idempotency.md names an existing test', () => {
  const files = houseFiles();
  const page = files.find(({ path }) => path === PAGE);
  if (page === undefined) throw new Error(`${PAGE} is gone`);
  const tests = files.filter(({ path }) => isTest(path));
  expect(page.text.match(new RegExp(NAMED_TEST, 'gm'))?.length).toBeGreaterThan(20);
  expect(report(unproved(page, tests))).toBe('');
});
