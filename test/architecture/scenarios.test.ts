import { join } from 'node:path';
import { loadScenarios } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { type Breach, houseFiles, report, type SourceFile } from './house.ts';

const TABLE = 'scenarios/README.md';

const ROOT = join(import.meta.dirname, '..', '..');

interface Step {
  name: string;
  /** Null for a story that the learning order does not have. */
  minutes: number | null;
  needs: readonly string[];
}

/** A scenario is a run, a lesson, a step of the learning order and a row of the table. */
function incompleteScenarios(files: SourceFile[], order: readonly Step[]): Breach[] {
  const paths = new Set(files.map(({ path }) => path));
  const rows = files.find(({ path }) => path === TABLE)?.text.split('\n') ?? [];
  const names = files.flatMap(({ path }) => /^scenarios\/([^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(names)].flatMap((name) => {
    const folder = `scenarios/${name}`;
    const step = order.find((each) => each.name === name);
    const says: string[] = [];
    if (!paths.has(`${folder}/scenario.ts`)) says.push('has no scenario.ts: add it, or move it');
    if (!paths.has(`${folder}/README.md`)) says.push('has no README.md: write its lesson');
    if (step === undefined || step.minutes === null) {
      says.push('is missing from scenarios/learning-order.ts: add its step');
    } else if (!rows.some((row) => row.startsWith(rowOf(step)))) {
      says.push(`has no row in ${TABLE} that begins with "${rowOf(step)}": write it`);
    }
    return says.map((each) => ({ path: folder, line: 0, says: each }));
  });
}

/** How the row of a step begins in the table. */
function rowOf({ name, minutes, needs }: Step): string {
  const links = needs.map((each) => `[${each}](${each}/)`).join(', ');
  return `| [${name}](${name}/) | ${minutes} | ${links || '-'} |`;
}

/** The needs of a story come before the story, and the table has the order of the steps. */
function disorder(order: readonly Step[], table: string): string[] {
  const names = order.map(({ name }) => name);
  const early = order.flatMap(({ name, needs }, place) =>
    needs.filter((each) => !names.slice(0, place).includes(each)).map((each) => `${name}: ${each}`),
  );
  const places = order.map((step) => table.indexOf(rowOf(step)));
  const late = places.findIndex((place, index) => place < (places[index - 1] ?? 0));
  return late < 0 ? early : [...early, `${names[late]} stands too early in ${TABLE}`];
}

/** Without `repaired-…`, which shares a row with `naive-…`. */
async function learningOrder(): Promise<Step[]> {
  return (await loadScenarios(ROOT)).filter(({ name }) => !name.startsWith('repaired-'));
}

const ONE = { name: 'one', minutes: 5, needs: [] };
const TWO = { name: 'two', minutes: 6, needs: ['one'] };

test('the rule finds a scenario without its run, its lesson, its step or its row', () => {
  const files = [
    { path: TABLE, text: '| [one](one/) | 4 | - | nothing |' },
    { path: 'scenarios/one/README.md', text: '' },
    { path: 'scenarios/two/scenario.ts', text: '' },
  ];
  expect(report(incompleteScenarios(files, [ONE])).split('\n')).toEqual([
    expect.stringContaining('scenarios/one has no scenario.ts'),
    expect.stringContaining('scenarios/one has no row in'),
    expect.stringContaining('scenarios/two has no README.md'),
    expect.stringContaining('scenarios/two is missing from'),
  ]);
});

test('the rule finds a story before a story that it needs, and rows in another order', () => {
  expect(disorder([TWO, ONE], [TWO, ONE].map(rowOf).join('\n'))).toEqual(['two: one']);
  const table = [TWO, ONE].map(rowOf).join('\n');
  expect(disorder([ONE, TWO], table)).toEqual([`two stands too early in ${TABLE}`]);
});

test('the rule accepts a complete scenario, and files beside the folders', () => {
  const files = [
    { path: TABLE, text: [ONE, TWO].map(rowOf).join('\n') },
    { path: 'scenarios/package.json', text: '{}' },
    { path: 'scenarios/one/README.md', text: '' },
    { path: 'scenarios/one/scenario.ts', text: '' },
  ];
  expect(incompleteScenarios(files, [ONE, TWO])).toEqual([]);
  expect(disorder([ONE, TWO], [ONE, TWO].map(rowOf).join('\n'))).toEqual([]);
});

test('every scenario has a run, a lesson, a step and a row in the table of stories', async () => {
  expect(report(incompleteScenarios(houseFiles(), await learningOrder()))).toBe('');
});

test('a story comes after its needs in the learning order and in the table', async () => {
  const table = houseFiles().find(({ path }) => path === TABLE)?.text ?? '';
  expect(disorder(await learningOrder(), table)).toEqual([]);
});

test('every step of the learning order is a scenario, and is there once', async () => {
  const file = join(ROOT, 'scenarios', 'learning-order.ts');
  const { LEARNING_ORDER } = (await import(file)) as { LEARNING_ORDER: Step[] };
  const names = LEARNING_ORDER.map(({ name }) => name);
  const folders = (await learningOrder()).map(({ name }) => name);
  expect(names.toSorted()).toEqual(folders.toSorted());
});
