import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseChaos } from '@indoubt/chaos';
import { didYouMean, Failure } from '@indoubt/failure';
import { PROCESS_NAMES } from '../lab/process-name.ts';
import type { LearningStep, LoadedScenario, Scenario } from './scenario.ts';

/**
 * A folder `naive-…` is two scenarios: `naive-…` plays the story with the mistake, and `repaired-…`
 * plays the same story without the mistake.
 */
const NAIVE = 'naive-';
const REPAIRED = 'repaired-';

/** Whether the story breaks an invariant on purpose: then the verdict *broken* is expected. */
export function isNaive(name: string): boolean {
  return name.startsWith(NAIVE);
}

/**
 * The names of all scenarios: the folders under scenarios/ that have a scenario.ts, and
 * `repaired-…` beside each `naive-…`. Sorted.
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
 *   (definite) when a fault of the scenario has an unknown name
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
  // A bug in the scenario, so it is an Error and no Failure.
  throw new Error(
    `scenarios/${folder}/scenario.ts must export by default a scenario named '${folder}'`,
  );
}

/** A scenario with its place in the learning order. */
export interface ListedScenario extends LoadedScenario {
  /** Time to play the story and to read its lesson; null outside the learning order. */
  minutes: number | null;
  /** Stories to read before this one. */
  needs: readonly string[];
}

/** All scenarios in the learning order, then the scenarios that are not in this order. */
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

/** The story with the faults and the variant of this name. No other code parses its faults. */
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
  const what = `${source}: leftDead has '${name}', but no process has this name.`;
  const all = `The processes: ${PROCESS_NAMES.join(', ')}.`;
  throw new Failure('invalid-config', `${what}${didYouMean(name, PROCESS_NAMES)} ${all}`);
}

function fileOf(root: string, name: string): string {
  return join(root, 'scenarios', name, 'scenario.ts');
}
