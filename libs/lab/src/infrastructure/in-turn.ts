import { mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import type { StartContext } from './provider.ts';

const LOOK_EVERY_MS = 200;

/**
 * Does long work in one process of a checkout at a time: who comes second waits, and then looks for
 * itself what is left to do. The lock is a symlink whose target is the owner's process id, made in
 * one step, so that it never stands there without an owner; that of a dead owner is taken away.
 * Two who take it away at the same moment may both go on: the work must bear that.
 * @param what  for whoever waits, such as "Jaeger 1.76.0 is built"
 * @throws Failure 'interrupted' while it waits; what `work` throws
 */
export async function inTurn<T>(
  lock: string,
  { signal, progress }: Pick<StartContext, 'signal' | 'progress'>,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(lock), { recursive: true });
  for (let isTold = false; !(await take(lock)); isTold = true) {
    const owner = Number(await readlink(lock).catch(() => ''));
    if (!isThere(owner)) await rm(lock, { force: true });
    else if (!isTold) progress(`${what} by process ${owner}: waiting for it`);
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new Failure('interrupted', 'interrupted.');
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await symlink(String(process.pid), lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isThere(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // there, and not ours
  }
}
