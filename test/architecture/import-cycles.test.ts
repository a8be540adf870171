import { dirname, posix } from 'node:path';
import { expect, test } from 'vitest';
import { type Breach, houseFiles, report, type SourceFile, typescriptOf } from './house.ts';
import { importsOf } from './syntax.ts';

type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Cycles of imports between files, including type imports and dynamic imports. Files in a cycle can
 * only be understood together.
 */
function importCycles(files: SourceFile[]): Breach[] {
  const graph = graphOf(typescriptOf(files));
  const done = new Set<string>();
  return [...graph.keys()].flatMap((path) => {
    const cycle = cycleFrom(path, graph, done, []);
    if (cycle === undefined) return [];
    const says =
      `is in a cycle of imports: ${[...cycle, path].join(' -> ')}. ` +
      'Move what both files need into a third file that imports neither';
    return [{ path, line: 0, says }];
  });
}

function graphOf(files: SourceFile[]): Graph {
  const paths = new Set(files.map(({ path }) => path));
  return new Map(
    files.map((file) => {
      const targets = importsOf(file)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => posix.join(dirname(file.path), specifier));
      return [file.path, targets.filter((target) => paths.has(target))];
    }),
  );
}

/** The cycle from `path` back to itself. `done` has files whose cycles have been found already. */
function cycleFrom(
  path: string,
  graph: Graph,
  done: Set<string>,
  trail: readonly string[],
): string[] | undefined {
  const start = trail.indexOf(path);
  if (start >= 0) return trail.slice(start);
  if (done.has(path)) return undefined;
  for (const target of graph.get(path) ?? []) {
    const cycle = cycleFrom(target, graph, done, [...trail, path]);
    if (cycle !== undefined) {
      for (const each of [...trail, path]) done.add(each);
      return cycle;
    }
  }
  done.add(path);
  return undefined;
}

function file(path: string, text: string): SourceFile {
  return { path, text };
}

test.each([
  [
    'two files that import each other',
    [file('a/a.ts', "import './b.ts';"), file('a/b.ts', "import './a.ts';")],
  ],
  [
    'two files that import types only',
    [
      file('a/a.ts', "import type { B } from './b.ts';"),
      file('a/b.ts', "import type { A } from '../a/a.ts';"),
    ],
  ],
  [
    'three files with a dynamic import',
    [
      file('a/a.ts', "export * from './c/b.ts';"),
      file('a/c/b.ts', "import { c } from './c.tsx';"),
      file('a/c/c.tsx', "const a = await import('../a.ts');"),
    ],
  ],
  ['one file that imports itself', [file('a/a.ts', "import './a.ts';")]],
])('the rule finds a cycle of %s', (_what, files) => {
  const [breach, ...more] = importCycles(files);
  expect(breach?.says).toContain('is in a cycle of imports: a/a.ts -> ');
  expect(more).toEqual([]);
});

test('the rule allows imports in the shape of a diamond', () => {
  const files = [
    file('a/a.ts', "import './b.ts';\nimport './c.ts';"),
    file('a/b.ts', "import './d.ts';"),
    file('a/c.ts', "import './d.ts';"),
    file('a/d.ts', 'export const d = 1;'),
  ];
  expect(importCycles(files)).toEqual([]);
});

test('no file is in a cycle of imports', () => {
  expect(report(importCycles(houseFiles()))).toBe('');
});
