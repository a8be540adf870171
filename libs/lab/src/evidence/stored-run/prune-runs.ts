import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolders } from './find-run.ts';

/** No run is silent for longer. A folder with newer writes may belong to a run in progress. */
const QUIET_MS = 10 * 60_000;

/**
 * Removes the folders of old runs of all kinds: scenarios, storms, matrices.
 * @param keep  how many of the latest folders remain; folders of runs in progress also remain
 * @param spared  absolute paths that always remain, such as the folder of the lab that is up
 * @returns the names of the removed folders, latest first
 */
export async function pruneRuns(
  root: string,
  keep: number,
  spared: readonly string[],
): Promise<string[]> {
  const gone: string[] = [];
  for (const name of (await runFolders(root)).slice(keep)) {
    const path = pathOf(root, name);
    if (spared.includes(path) || (await mayBeUnderWay(path))) continue;
    await rm(path, { recursive: true, force: true });
    gone.push(name);
  }
  return gone;
}

async function mayBeUnderWay(path: string): Promise<boolean> {
  if (existsSync(join(path, 'result.json'))) return false;
  const { mtimeMs } = await stat(join(path, 'record')).catch(() => stat(path));
  return Date.now() - mtimeMs < QUIET_MS;
}

function pathOf(root: string, name: string): string {
  return join(root, '.lab', 'runs', name);
}
