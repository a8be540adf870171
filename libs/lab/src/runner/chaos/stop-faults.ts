import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import type { Services } from '../lab/services.ts';
import type { ChaosClient } from './chaos-client.ts';

/** A process is back after half a second, after a server's restart a few seconds later. */
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

export interface FaultyLab {
  services: Pick<Services, 'forgetFaults'>;
  chaos: ChaosClient | null;
  signal: AbortSignal;
}

/**
 * Stops all faults, in every process that runs and in those that start from now on: one that is
 * just being started is waited for.
 * @throws Failure 'timed-out' (indefinite) when some process does not come back
 */
export async function stopFaults({ services, chaos, signal }: FaultyLab): Promise<void> {
  services.forgetFaults();
  const until = performance.now() + WITHIN_MS;
  for (;;) {
    try {
      await chaos?.clear();
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      if (performance.now() > until) {
        const what = `not every process was back within ${WITHIN_MS / 1_000} s`;
        throw new Failure('timed-out', `${what}: ${error.message}`, { cause: error });
      }
      await wait(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}
