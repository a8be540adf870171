import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Older than any build takes: what is left of a process that was killed in the middle. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/**
 * Makes a cached folder the first time it is asked for. `build` fills a folder beside it, which
 * gets its name only when it is complete: whatever interrupts a build, nothing half done is ever
 * used. Two builders at once both build; the first to finish wins, the other takes the winner's.
 * @param isAlone  nobody else can be building it: what an earlier build left is removed at any age
 * @returns the folder
 * @throws what `build` throws; then nothing is kept
 */
export async function buildOnce(
  folder: string,
  build: (temporary: string) => Promise<void>,
  { isAlone = false }: { isAlone?: boolean } = {},
): Promise<string> {
  if (await exists(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  await removeLeftovers(folder, isAlone);
  const temporary = `${folder}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await mkdir(temporary);
    await build(temporary);
    await rename(temporary, folder);
  } catch (error) {
    if (!isTaken(error)) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Renaming onto a folder that has content fails: somebody else was first. */
function isTaken(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOTEMPTY' || code === 'EEXIST';
}

async function removeLeftovers(folder: string, isAlone: boolean): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(`${basename(folder)}.`) || !name.endsWith('.tmp')) continue;
    const path = join(dirname(folder), name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (isAlone || age > LEFTOVER_AGE_MS) await rm(path, { recursive: true, force: true });
  }
}
