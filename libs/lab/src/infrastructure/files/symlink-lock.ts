import { readlink, rm, symlink } from 'node:fs/promises';
import { processStart } from '../process/process-start.ts';

/**
 * Takes a lock: a symlink whose target has the pid and the start time of its owner. A symlink is
 * created together with its target in one step, so a lock always has an owner.
 * @returns false when the lock is taken
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

/** @returns the pid of the lock's owner; null without a lock, or when the owner is dead */
export async function lockOwner(lock: string): Promise<number | null> {
  const target = await readlink(lock).catch(() => '');
  const pid = Number.parseInt(target, 10);
  return pid > 0 && target === `${pid}@${processStart(pid)}` ? pid : null;
}

/**
 * Removes a file that a dead process has left, but never a file that a live process has created in
 * its place: only one process at a time may check and remove. While another process does so, this
 * function does nothing, and the caller must check again.
 * @param isStale  whether the file exists and belongs to a dead process
 */
export async function removeStale(file: string, isStale: () => Promise<boolean>): Promise<void> {
  const lock = `${file}.stale`;
  if (!(await takeLock(lock))) {
    // The owner of this lock was killed while it had the lock.
    if ((await lockOwner(lock)) === null) await rm(lock, { force: true });
    return;
  }
  try {
    if (await isStale()) await rm(file, { force: true });
  } finally {
    await rm(lock, { force: true });
  }
}
