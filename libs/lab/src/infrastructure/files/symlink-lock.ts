import { readlink, rm, symlink } from 'node:fs/promises';
import { processStart } from '../process/process-start.ts';

/**
 * Takes a lock: a symlink whose target says who has it, process id and start, made in one step, so
 * that it never stands there without an owner.
 * @returns false when it stands there already
 */
export async function takeLock(lock: string): Promise<boolean> {
  try {
    await symlink(`${process.pid}@${processStart(process.pid)}`, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** @returns the process that has it; null when nobody has, or who had it is dead */
export async function lockOwner(lock: string): Promise<number | null> {
  const target = await readlink(lock).catch(() => '');
  const pid = Number.parseInt(target, 10);
  return pid > 0 && target === `${pid}@${processStart(pid)}` ? pid : null;
}

/**
 * Removes what a dead process has left behind, and never what a live one has put in its place
 * meanwhile: one process at a time may look and then remove. When another is at it, this does
 * nothing; look again.
 * @param isStale  whether the file is there, and is that of a dead process
 */
export async function removeStale(file: string, isStale: () => Promise<boolean>): Promise<void> {
  const right = `${file}.stale`;
  if (!(await takeLock(right))) {
    // Killed between two system calls, while it had the right.
    if ((await lockOwner(right)) === null) await rm(right, { force: true });
    return;
  }
  try {
    if (await isStale()) await rm(file, { force: true });
  } finally {
    await rm(right, { force: true });
  }
}
