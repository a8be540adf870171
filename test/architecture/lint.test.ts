import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Code that breaks a rule. A rule that is off or has lost its types would report nothing. */
const PLANTED: readonly [rule: string, code: string][] = [
  ['typescript(no-floating-promises)', 'export function f() { Promise.resolve(1); }'],
  [
    'typescript(no-misused-promises)',
    'export const done = (p: Promise<boolean>) => { if (p) return 1; return 2; };',
  ],
  ['typescript(await-thenable)', 'export async function f() { await 1; }'],
  [
    'typescript(switch-exhaustiveness-check)',
    "export function f(x: 'a' | 'b') { switch (x) { case 'a': return 1; } return 2; }",
  ],
  ['typescript(no-explicit-any)', 'export const f = (x: any) => String(x);'],
  ['typescript(ban-ts-comment)', '// @ts-ignore\nexport const x: number = 1;'],
  ['eslint(no-console)', "console.log('hello');\nexport {};"],
  ['eslint(eqeqeq)', 'export const f = (x: number, y: number) => x == y;'],
  ['import(no-cycle)', "import { b } from './cycle.ts';\nexport const a = () => b;"],
];
const ROOT = join(import.meta.dirname, '..', '..');
const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: [],
  },
};

let folder: string;
let found: { code: string; filename: string }[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'in-doubt-lint-'));
  plant('tsconfig.json', JSON.stringify(TSCONFIG));
  PLANTED.forEach(([, code], index) => plant(`src/planted-${index}.ts`, code));
  const last = PLANTED.length - 1;
  plant('src/cycle.ts', `import { a } from './planted-${last}.ts';\nexport const b = () => a;`);
  const oxlint = join(ROOT, 'node_modules/.bin/oxlint');
  const options = ['--type-aware', '-f', 'json', '-c', join(ROOT, '.oxlintrc.json')];
  const { stdout } = spawnSync(oxlint, options, { cwd: folder, encoding: 'utf8' });
  found = (JSON.parse(stdout) as { diagnostics: typeof found }).diagnostics;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test.each(PLANTED.map(([rule], index) => ({ rule, index })))(
  'the linter reports a breach of $rule',
  ({ rule, index }) => {
    const here = found.filter(({ filename }) => filename.endsWith(`planted-${index}.ts`));
    expect(here.map(({ code }) => code)).toContain(rule);
  },
);
