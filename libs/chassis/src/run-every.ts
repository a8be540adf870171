import { setTimeout as wait } from 'node:timers/promises';

export interface Repeating {
  /** Ends after the run in progress. */
  stop(): Promise<void>;
}

/**
 * Runs `work` again and again, `everyMs` after the last run ended, until stopped. A run that fails
 * is handed to `failed` and tried again: the database may be away for a while.
 */
export function runEvery(
  everyMs: number,
  work: () => Promise<void>,
  failed: (error: unknown) => void,
): Repeating {
  const stopping = new AbortController();
  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await work().catch(failed);
      await wait(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
