import { expect, test } from 'vitest';
import { type Breach, houseFiles, report, type SourceFile, typescriptOf } from './house.ts';
import { nodesOf } from './syntax.ts';

const READERS = /^(services\/[^/]+\/src\/main\.ts|libs\/lab\/src\/cli\/.+|test\/.+)$/;
const READS = /^(process\.env|process\['env'\])$/;

function environmentReaders(files: SourceFile[]): Breach[] {
  return typescriptOf(files)
    .filter(({ path }) => !READERS.test(path))
    .flatMap((file) =>
      nodesOf(file)
        .filter((node) => reads(node.type, node.text))
        .map(({ line }) => ({
          path: file.path,
          line,
          says:
            "reads the environment: only a service's main.ts and the lab's CLI do; " +
            'take the value as an argument',
        })),
    );
}

function reads(type: string, text: string): boolean {
  if (type === 'MemberExpression') return READS.test(text.replaceAll(/\s/g, ''));
  if (type === 'ImportDeclaration') return /\benv\b.*from 'node:process'/s.test(text);
  return type === 'VariableDeclarator' && /^\{[^}]*\benv\b[^}]*\}\s*=\s*process$/.test(text);
}

test.each([
  'const url = process.env.DATABASE_URL;',
  "const url = process['env']['DATABASE_URL'];",
  "import { env } from 'node:process';",
  'const { env } = process;',
])('the rule finds a read of the environment: %s', (text) => {
  expect(environmentReaders([{ path: 'libs/platform/database/src/pool.ts', text }])).toHaveLength(
    1,
  );
});

test('the rule allows process.env in a composition root and in comments', () => {
  const text = 'const url = process.env.DATABASE_URL;';
  expect(environmentReaders([{ path: 'services/order/src/main.ts', text }])).toEqual([]);
  const comment = '// process.env is read in main.ts';
  expect(
    environmentReaders([{ path: 'libs/platform/database/src/pool.ts', text: comment }]),
  ).toEqual([]);
});

test('only composition roots read the environment', () => {
  expect(report(environmentReaders(houseFiles()))).toBe('');
});
