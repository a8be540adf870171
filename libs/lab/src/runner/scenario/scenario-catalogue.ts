import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseChaos } from '@indoubt/chaos';
import { didYouMean, Failure } from '@indoubt/failure';
import { PROCESS_NAMES } from '../lab/process-name.ts';
import { GROUPS, type LoadedScenario, type Scenario } from './scenario.ts';

/**
 * The two halves of a story about a mistake live in one folder, `naive-…`: played with the mistake,
 * and, as `repaired-…`, without it.
 */
const NAIVE = 'naive-';
const REPAIRED = 'repaired-';

/** Whether a story is meant to break: its verdict is no fault of the lab. */
export function isNaive(name: string): boolean {
  return name.startsWith(NAIVE);
}

/**
 * The names of all scenarios: the folders under scenarios/ that hold a scenario.ts, and the
 * repaired halves. Sorted.
 */
export async function scenarioNames(root: string): Promise<string[]> {
  const entries = await readdir(join(root, 'scenarios'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && existsSync(fileOf(root, entry.name)))
    .flatMap(({ name }) => (isNaive(name) ? [name, repairedOf(name)] : [name]))
    .toSorted();
}

/**
 * @throws Failure 'not-found' (definite) that suggests the nearest name; 'invalid-config'
 *   (definite) when one of its faults names what does not exist
 */
export async function loadScenario(root: string, name: string): Promise<LoadedScenario> {
  const names = await scenarioNames(root);
  if (!names.includes(name)) {
    const what = `there is no scenario '${name}'.${didYouMean(name, names)}`;
    throw new Failure('not-found', `${what}\nNext: 'scenario list' shows them all.`);
  }
  const folder = folderOf(name);
  const module: { default?: Scenario } = await import(pathToFileURL(fileOf(root, folder)).href);
  const found = module.default;
  if (found?.name === folder) return halfOf(found, name);
  // A bug of the scenario's author, said where they will see it.
  throw new Error(
    `scenarios/${folder}/scenario.ts must export by default a scenario named '${folder}'`,
  );
}

/** All of them, in the order in which to learn: by group, and there the fewest faults first. */
export async function loadScenarios(root: string): Promise<LoadedScenario[]> {
  const names = await scenarioNames(root);
  const scenarios = await Promise.all(names.map((name) => loadScenario(root, name)));
  return scenarios.toSorted(
    (a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || faultCount(a) - faultCount(b),
  );
}

/** A mistake is no fault of the story: its two halves have as many. */
function faultCount({ rules }: LoadedScenario): number {
  return rules.filter(({ kind }) => kind !== 'variant').length;
}

/** The folder under scenarios/ in which a scenario lives. */
export function folderOf(name: string): string {
  return name.startsWith(REPAIRED) ? name.replace(REPAIRED, NAIVE) : name;
}

function repairedOf(naive: string): string {
  return naive.replace(NAIVE, REPAIRED);
}

/** The story as it is played under this name: here, and nowhere else, its faults are read. */
function halfOf({ chaos = '', variant, ...story }: Scenario, name: string): LoadedScenario {
  const source = `scenarios/${story.name}/scenario.ts`;
  const isBroken = variant !== undefined && name === story.name;
  const text = isBroken ? `${chaos}; variant=${variant}` : chaos;
  const rules = parseChaos(text, source);
  for (const process of story.leftDead ?? []) checkProcess(process, source);
  return { ...story, name, rules };
}

/** @throws Failure 'invalid-config' (definite) that names the processes that exist */
function checkProcess(name: string, source: string): void {
  if (PROCESS_NAMES.some((known) => known === name)) return;
  const what = `${source}: leftDead names '${name}', which is no process.`;
  const all = `There are: ${PROCESS_NAMES.join(', ')}.`;
  throw new Failure('invalid-config', `${what}${didYouMean(name, PROCESS_NAMES)} ${all}`);
}

function fileOf(root: string, name: string): string {
  return join(root, 'scenarios', name, 'scenario.ts');
}
