import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { PROCESS_NAMES } from '../process-name.ts';
import type { StormedLab } from './act-on-lab.ts';

/** A process is back after half a second, after a server's restart a few seconds later. */
const HEALS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** What is down comes back, and what stands still goes on: nothing of it is armed. */
export async function bringBack({ services, servers }: StormedLab): Promise<void> {
  for (const name of PROCESS_NAMES) {
    try {
      services.resume(name);
    } catch (error) {
      if (!(error instanceof Failure)) throw error; // dead, so it does not stand still
    }
  }
  await Promise.all(servers?.names.map((name) => servers.start(name)) ?? []);
}

/**
 * Disarms everything, in all processes: one that is just being started again is waited for.
 * @throws Failure 'timed-out' when some process does not come back
 */
export async function disarmAll({ chaos, signal }: StormedLab): Promise<void> {
  const until = performance.now() + HEALS_WITHIN_MS;
  for (;;) {
    try {
      await chaos.clear();
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure) || performance.now() > until) {
        const what = `not every process is back ${HEALS_WITHIN_MS / 1_000} s after the storm`;
        throw new Failure('timed-out', `${what}: ${String(error)}`, { cause: error });
      }
      await wait(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}
