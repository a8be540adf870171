import { setTimeout as wait } from 'node:timers/promises';

export interface Repeating {
  /** Runs again at once, or as soon as the run in progress has ended. */
  wake(): void;
  /** Ends after the run in progress. */
  stop(): Promise<void>;
}

/**
 * Runs `work` again and again, `everyMs` after the last run ended or when woken, until stopped. A
 * run that fails is handed to `failed` and tried again: the database may be away for a while.
 */
export function runEvery(
  everyMs: number,
  work: () => Promise<void>,
  failed: (error: unknown) => void,
): Repeating {
  const stopping = new AbortController();
  let isWoken = false;
  let resting = new AbortController();
  const wake = () => {
    isWoken = true;
    resting.abort();
  };
  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      isWoken = false;
      await work().catch(failed);
      if (isWoken) continue;
      resting = new AbortController();
      await wait(everyMs, undefined, { signal: resting.signal }).catch(() => undefined);
    }
  }
  const running = loop();
  return {
    wake,
    async stop() {
      stopping.abort();
      wake();
      await running;
    },
  };
}
