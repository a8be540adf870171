import { expect, test } from 'vitest';
import { type Breach, houseFiles, report, type SourceFile } from './house.ts';

/** A scenario is a run and a lesson, and the front page leads to it. */
function incompleteScenarios(files: SourceFile[]): Breach[] {
  const paths = new Set(files.map(({ path }) => path));
  const frontPage = files.find(({ path }) => path === 'README.md')?.text;
  const names = files.flatMap(({ path }) => /^scenarios\/([^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(names)].flatMap((name) => {
    const folder = `scenarios/${name}`;
    const says: string[] = [];
    if (!paths.has(`${folder}/scenario.ts`)) says.push('has no scenario.ts: add it, or move it');
    if (!paths.has(`${folder}/README.md`)) says.push('has no README.md: write its lesson');
    if (frontPage !== undefined && !frontPage.includes(name)) {
      says.push('is missing from the table of scenarios in README.md: add its row');
    }
    return says.map((each) => ({ path: folder, line: 0, says: each }));
  });
}

test('caught: a scenario without its run, its lesson or its row on the front page', () => {
  const files = [
    { path: 'README.md', text: 'We have `one`.' },
    { path: 'scenarios/one/README.md', text: '' },
    { path: 'scenarios/two/scenario.ts', text: '' },
  ];
  expect(report(incompleteScenarios(files)).split('\n')).toEqual([
    expect.stringContaining('scenarios/one has no scenario.ts'),
    expect.stringContaining('scenarios/two has no README.md'),
    expect.stringContaining('scenarios/two is missing from the table'),
  ]);
});

test('allowed: all three, and files beside the folders', () => {
  const files = [
    { path: 'README.md', text: 'We have `one`.' },
    { path: 'scenarios/package.json', text: '{}' },
    { path: 'scenarios/one/README.md', text: '' },
    { path: 'scenarios/one/scenario.ts', text: '' },
  ];
  expect(incompleteScenarios(files)).toEqual([]);
});

test('every scenario has a run, a lesson and a row on the front page', () => {
  expect(report(incompleteScenarios(houseFiles()))).toBe('');
});
