import { setTimeout as wait } from 'node:timers/promises';

export interface Repeating {
  /** Starts the next run at once, or when the run in progress has ended. */
  wake(): void;
  /** Settles when the run in progress has ended; no other run starts. */
  stop(): Promise<void>;
}

/**
 * Runs `work` again and again, `everyMs` after the end of the last run or when woken, until
 * stopped. The error of a run is passed to `failed`, and the runs go on: the database may come
 * back.
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
