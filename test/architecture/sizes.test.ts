import { expect, test } from 'vitest';
import {
  type Breach,
  eachLine,
  houseFiles,
  report,
  type SourceFile,
  typescriptOf,
} from './house.ts';
import { nodesOf } from './syntax.ts';

const FILE_LINES_MAX = 250;
/**
 * Files that are one table. Readers look up an entry and do not read from top to bottom, so these
 * files have no limit.
 */
const TABLES = [
  'libs/platform/chaos/src/windows.ts',
  'libs/platform/http/src/problems/problem-table.ts',
  'libs/platform/record/src/event-fields.ts',
];
const FUNCTION_LINES_MAX = 50;
const COLUMNS_MAX = 100;
const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

function sizes(files: SourceFile[]): Breach[] {
  return typescriptOf(files).flatMap((file) => [
    ...longFile(file),
    ...longFunctions(file),
    ...longLines(file),
  ]);
}

function longFile({ path, text }: SourceFile): Breach[] {
  const lines = linesIn(text.trimEnd());
  if (lines <= FILE_LINES_MAX || TABLES.includes(path)) return [];
  const says = `has ${lines} lines, ${FILE_LINES_MAX} at most: move its second idea out`;
  return [{ path, line: 0, says }];
}

function longFunctions(file: SourceFile): Breach[] {
  return nodesOf(file)
    .filter(({ type, text }) => FUNCTIONS.includes(type) && linesIn(text) > FUNCTION_LINES_MAX)
    .map(({ line, text }) => ({
      path: file.path,
      line,
      says:
        `a function of ${linesIn(text)} lines, ${FUNCTION_LINES_MAX} at most: ` +
        'give each of its steps a name and a function of its own',
    }));
}

function longLines(file: SourceFile): Breach[] {
  return eachLine(file, (line) =>
    line.length > COLUMNS_MAX
      ? `has ${line.length} columns, ${COLUMNS_MAX} at most: break the comment or the string`
      : undefined,
  );
}

function linesIn(text: string): number {
  return text.split('\n').length;
}

function linesOf(count: number): string {
  return 'call();\n'.repeat(count);
}

test('the rule finds a file, a function and a line that exceed their limit by one', () => {
  const path = 'libs/patterns/saga/src/a.ts';
  expect(sizes([{ path, text: linesOf(FILE_LINES_MAX + 1) }])).toHaveLength(1);
  const body = linesOf(FUNCTION_LINES_MAX - 1);
  expect(sizes([{ path, text: `function f() {\n${body}}\n` }])).toHaveLength(1);
  expect(sizes([{ path, text: `const f = () => {\n${body}};\n` }])).toHaveLength(1);
  const markup = `const F = () => {\n${body}return <p />};\n`;
  expect(sizes([{ path: 'libs/lab/src/views/page/client/a.tsx', text: markup }])).toHaveLength(1);
  expect(sizes([{ path, text: `// ${'x'.repeat(COLUMNS_MAX)}` }])).toHaveLength(1);
});

test('the rule accepts a file, a function and a line at their limit', () => {
  const path = 'libs/patterns/saga/src/a.ts';
  expect(sizes([{ path, text: linesOf(FILE_LINES_MAX) }])).toEqual([]);
  const body = linesOf(FUNCTION_LINES_MAX - 2);
  expect(sizes([{ path, text: `function f() {\n${body}}\n` }])).toEqual([]);
  expect(sizes([{ path, text: 'x'.repeat(COLUMNS_MAX) }])).toEqual([]);
  const table = 'libs/platform/http/src/problems/problem-table.ts';
  expect(sizes([{ path: table, text: linesOf(FILE_LINES_MAX + 1) }])).toEqual([]);
});

test('files, functions and lines are within their limits', () => {
  expect(report(sizes(houseFiles()))).toBe('');
});

test('each file without a limit exists', () => {
  const paths = houseFiles().map(({ path }) => path);
  expect(TABLES.filter((path) => !paths.includes(path))).toEqual([]);
});
