import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '@indoubt/failure';
import { didYouMean } from './cli/nearest-name.ts';
import { GROUPS, type Scenario } from './scenario.ts';

/** The names of all scenarios: the folders under scenarios/ that hold a scenario.ts. Sorted. */
export async function scenarioNames(root: string): Promise<string[]> {
  const entries = await readdir(join(root, 'scenarios'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(fileOf(root, entry.name)))
    .map(({ name }) => name)
    .toSorted();
}

/** @throws Failure 'not-found' (definite) that suggests the nearest name */
export async function loadScenario(root: string, name: string): Promise<Scenario> {
  const names = await scenarioNames(root);
  if (!names.includes(name)) {
    const what = `there is no scenario '${name}'.${didYouMean(name, names)}`;
    throw new Failure('not-found', `${what}\nNext: 'scenario list' shows them all.`);
  }
  const module: { default?: Scenario } = await import(pathToFileURL(fileOf(root, name)).href);
  const found = module.default;
  if (found?.name === name) return found;
  // A bug of the scenario's author, said where they will see it.
  throw new Error(
    `scenarios/${name}/scenario.ts must export by default a scenario named '${name}'`,
  );
}

/** All of them, in the order in which to learn: by group, and there the fewest faults first. */
export async function loadScenarios(root: string): Promise<Scenario[]> {
  const names = await scenarioNames(root);
  const scenarios = await Promise.all(names.map((name) => loadScenario(root, name)));
  return scenarios.toSorted(
    (a, b) =>
      GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || a.faults.length - b.faults.length,
  );
}

function fileOf(root: string, name: string): string {
  return join(root, 'scenarios', name, 'scenario.ts');
}
