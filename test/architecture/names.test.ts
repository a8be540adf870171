import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { type Breach, houseFiles, report, type SourceFile, typescriptOf } from './house.ts';
import { nodesOf } from './syntax.ts';

const KEBAB_FILE = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|fixture|config|d))?\.tsx?$/;
const KEBAB_FOLDER = /^\.?[a-z0-9]+(-[a-z0-9]+)*$/;
const DRAWER = /(^|[-/])(utils?|utilities|common|helpers?|misc|stuff)([-/.]|$)/;

function names(files: SourceFile[]): Breach[] {
  return typescriptOf(files).flatMap((file) => {
    const folders = file.path.split('/').slice(0, -1);
    const says: string[] = [];
    if (
      !KEBAB_FILE.test(basename(file.path)) ||
      !folders.every((name) => KEBAB_FOLDER.test(name))
    ) {
      says.push('is not in kebab-case: name it after its main export, like place-order.ts');
    }
    if (DRAWER.test(file.path)) {
      says.push('has a name for unrelated things: name it after its one idea');
    }
    if (isBarrel(file)) {
      says.push(
        "is a barrel: only a package's src/index.ts re-exports; import from the file itself",
      );
    }
    return says.map((each) => ({ path: file.path, line: 0, says: each }));
  });
}

function isBarrel(file: SourceFile): boolean {
  if (/^(libs\/lab|libs\/[^/]+\/[^/]+|services\/[^/]+)\/src\/index\.ts$/.test(file.path))
    return false;
  if (basename(file.path) === 'index.ts') return true;
  const [program] = nodesOf(file);
  const body = program?.['body'];
  const statements: unknown[] = Array.isArray(body) ? body : [];
  return statements.length > 0 && statements.every(reExports);
}

function reExports(statement: unknown): boolean {
  const { type, source } = statement as { type: string; source?: unknown };
  if (type === 'ExportAllDeclaration') return true;
  return type === 'ExportNamedDeclaration' && source !== null && source !== undefined;
}

test.each([
  ['libs/patterns/saga/src/placeOrder.ts', 'export const a = 1;'],
  ['libs/patterns/Saga/src/advance.ts', 'export const a = 1;'],
  ['libs/lab/src/views/page/client/StepBar.tsx', 'export const a = <p />;'],
  ['libs/patterns/saga/src/utils.ts', 'export const a = 1;'],
  ['libs/patterns/saga/src/date-helpers.ts', 'export const a = 1;'],
  ['libs/patterns/saga/src/common/money.ts', 'export const a = 1;'],
  ['libs/patterns/saga/src/steps/index.ts', 'export const a = 1;'],
  ['libs/patterns/index.ts', "export { a } from './a.ts';"],
  ['libs/lab/src/views/index.ts', 'export const a = 1;'],
  ['libs/patterns/saga/src/all.ts', "export { a } from './a.ts';\nexport * from './b.ts';"],
])('the rule rejects the file %s', (path, text) => {
  expect(names([{ path, text }])).toHaveLength(1);
});

test.each([
  ['libs/patterns/saga/src/index.ts', "export { a } from './a.ts';"],
  ['libs/lab/src/index.ts', "export { a } from './a.ts';"],
  ['libs/lab/src/evidence/rows/sample-rows.fixture.ts', 'export const a = 1;'],
  ['libs/patterns/saga/src/place-order.test.ts', 'export const a = 1;'],
  ['libs/patterns/saga/src/commonplace.ts', "export { a } from './a.ts';\nexport const b = 1;"],
  ['vitest.config.ts', 'export default {};'],
])('the rule accepts the file %s', (path, text) => {
  expect(names([{ path, text }])).toEqual([]);
});

test('every file is in kebab-case, has one idea and is not a barrel', () => {
  expect(report(names(houseFiles()))).toBe('');
});
