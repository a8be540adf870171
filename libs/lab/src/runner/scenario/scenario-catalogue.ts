import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseChaos } from '@indoubt/chaos';
import { didYouMean, Failure } from '@indoubt/failure';
import { PROCESS_NAMES } from '../lab/process-name.ts';
import type { LearningStep, LoadedScenario, Scenario } from './scenario.ts';

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

/** A scenario, and what a learner wants to know before. */
export interface ListedScenario extends LoadedScenario {
  /** To play the story and to read its lesson; null when the learning order does not have it. */
  minutes: number | null;
  /** Stories to read before this one. */
  needs: readonly string[];
}

/** All scenarios, in the order in which to learn from them; one that is not in it comes last. */
export async function loadScenarios(root: string): Promise<ListedScenario[]> {
  const order = await learningOrder(root);
  const names = await scenarioNames(root);
  const scenarios = await Promise.all(names.map((name) => loadScenario(root, name)));
  const placeOf = ({ name }: LoadedScenario) => {
    const place = order.findIndex((step) => step.name === folderOf(name));
    return place < 0 ? order.length : place;
  };
  return scenarios
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .map((scenario) => {
      const { minutes = null, needs = [] } = order[placeOf(scenario)] ?? {};
      return { ...scenario, minutes, needs };
    });
}

async function learningOrder(root: string): Promise<readonly LearningStep[]> {
  const file = join(root, 'scenarios', 'learning-order.ts');
  if (!existsSync(file)) return [];
  const module: { LEARNING_ORDER: LearningStep[] } = await import(pathToFileURL(file).href);
  return module.LEARNING_ORDER;
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
