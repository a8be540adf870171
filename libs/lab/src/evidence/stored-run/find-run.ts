import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '@indoubt/failure';

/** Names of the folders of runs, latest first. The names begin with the time. */
export async function runFolders(root: string): Promise<string[]> {
  const names = await readdir(join(root, '.lab', 'runs')).catch(() => []);
  return names.toSorted((one, other) => (one < other ? 1 : -1));
}

/**
 * Finds the folder of a run.
 * @param wanted  `last`; a scenario (its last run); the name of a folder or its beginning; or a
 *   path
 * @returns the absolute path
 * @throws Failure 'invalid-request' (definite) when `wanted` is empty, or matches no folder or more
 *   than one
 */
export async function findRun(root: string, wanted: string): Promise<string> {
  if (wanted.trim() === '') throw nameless();
  const path = resolve(wanted);
  if (wanted.includes('/') && (await isFolder(path))) return path;
  const all = await runFolders(root);
  // `last` and a scenario mean the last run with a result: a later folder may be of a storm or of a
  // running lab.
  const isWhole = (name: string) => existsSync(join(root, '.lab', 'runs', name, 'result.json'));
  const names = all.includes(wanted) ? all : all.filter(isWhole);
  const [found, ...more] = matching(names, wanted);
  if (found === undefined) throw unknownRun(wanted, names);
  if (more.length > 0) {
    const some = [found, ...more].slice(0, SHOWN).join('\n  ');
    throw new Failure('invalid-request', `more than one run begins with ${wanted}:\n  ${some}`);
  }
  return join(root, '.lab', 'runs', found);
}

const SHOWN = 5;

/** @param names  the latest first. Pure. */
export function matching(names: readonly string[], wanted: string): string[] {
  if (names.includes(wanted)) return [wanted];
  const last = names.find((name) => wanted === 'last' || scenarioOf(name) === wanted);
  return last === undefined ? names.filter((name) => name.startsWith(wanted)) : [last];
}

/** `2026-11-21T20-23-06-788-saga-compensation`: the time has a fixed length. */
function scenarioOf(name: string): string {
  return name.slice('2026-11-21T20-23-06-788-'.length);
}

function nameless(): Failure {
  return new Failure(
    'invalid-request',
    "the name of the run is empty.\nNext: give 'last', a scenario, or the name of a folder " +
      "in .lab/runs ('scenario runs' lists them).",
  );
}

function unknownRun(wanted: string, names: readonly string[]): Failure {
  const known =
    names.length === 0
      ? "there is no run yet: 'scenario run saga-compensation' makes one."
      : `the latest are\n  ${names.slice(0, SHOWN).join('\n  ')}`;
  return new Failure(
    'invalid-request',
    `no run ${wanted}.\nNext: give 'last', a scenario, or the name of a folder in ` +
      `.lab/runs; ${known}`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
