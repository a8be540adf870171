import { lstat, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import type { StartContext } from '../provider.ts';
import { lockOwner, removeStale, takeLock } from './symlink-lock.ts';

const POLL_EVERY_MS = 200;

/**
 * Does long work in one process of a checkout at a time. A second process waits, and its `work`
 * then checks what is left to do. The lock of a dead owner is removed, also when another process
 * has the owner's pid now.
 * @param what  shown to the waiting user, such as "Jaeger 1.76.0 is built"
 * @throws Failure 'interrupted' during the wait; what `work` throws
 */
export async function inTurn<T>(
  lock: string,
  { signal, progress }: Pick<StartContext, 'signal' | 'progress'>,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(lock), { recursive: true });
  for (let isReported = false; !(await takeLock(lock)); ) {
    const owner = await lockOwner(lock);
    if (owner === null) {
      await removeStale(lock, () => isLeftBehind(lock));
    } else {
      if (!isReported) progress(`${what} by process ${owner}: waiting for it`);
      isReported = true;
      await delay(POLL_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    if (signal.aborted) throw new Failure('interrupted', 'interrupted.');
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function isLeftBehind(lock: string): Promise<boolean> {
  const stat = await lstat(lock).catch(() => null);
  return stat !== null && (await lockOwner(lock)) === null;
}
