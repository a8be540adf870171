import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolders } from './find-run.ts';

/**
 * Removes the folders of old runs, of whatever kind: of scenarios, storms, matrices.
 * @param keep  how many of the latest stay
 * @param spared  absolute paths that stay in any case: the folder of a lab that is up
 * @returns the names of those that are gone, the latest first
 */
export async function pruneRuns(
  root: string,
  keep: number,
  spared: readonly string[],
): Promise<string[]> {
  const isSpared = (name: string): boolean => spared.includes(pathOf(root, name));
  const old = (await runFolders(root)).slice(keep).filter((name) => !isSpared(name));
  for (const name of old) await rm(pathOf(root, name), { recursive: true, force: true });
  return old;
}

function pathOf(root: string, name: string): string {
  return join(root, '.lab', 'runs', name);
}
