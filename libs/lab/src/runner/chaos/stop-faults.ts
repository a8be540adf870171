import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import type { Services } from '../lab/services.ts';
import type { ChaosClient } from './chaos-client.ts';

/** A process restarts in half a second, or in a few seconds after a restart of its server. */
const WITHIN_MS = 60_000;
const RETRY_EVERY_MS = 100;

export interface FaultyLab {
  services: Pick<Services, 'forgetFaults'>;
  chaos: ChaosClient | null;
  signal: AbortSignal;
}

/**
 * Stops all faults in every process, also in processes that start later. Waits for a process that
 * is just starting.
 * @throws Failure 'timed-out' (indefinite) when a process does not restart in time
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
        const what = `faults could not be stopped in every process within ${WITHIN_MS / 1_000} s`;
        throw new Failure('timed-out', `${what}: ${error.message}`, { cause: error });
      }
      await wait(RETRY_EVERY_MS, undefined, { signal });
    }
  }
}
