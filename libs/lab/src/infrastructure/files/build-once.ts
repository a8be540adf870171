import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Longer than any build takes: an older temporary folder is from a process that was killed. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/**
 * Builds a cached folder if it does not exist. `build` fills a temporary folder, which is renamed
 * only when it is complete, so that an interrupted build is never used. Two concurrent builders
 * both build. The first to finish wins, and the second uses the winner's folder.
 * @param isAlone  no other process can be building: leftovers of any age are removed
 * @returns the folder
 * @throws what `build` throws; then no folder is left
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

/** A rename onto a folder with content fails: another builder was first. */
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
