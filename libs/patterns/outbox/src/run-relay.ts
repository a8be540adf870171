import { EventEmitter, once } from 'node:events';
import { record } from '@indoubt/record';

export interface RelayLoop {
  /** Polls now instead of later, since rows were committed. Harmless without rows. */
  wake(): void;
  /** Resolves after the pass in progress. */
  stop(): Promise<void>;
}

export interface RelayLoopOptions {
  /** Runs one pass. @returns whether more rows may wait than one pass takes */
  pass(): Promise<boolean>;
  /** Milliseconds between polls without a wake-up: the delay that a lost wake-up causes. */
  pollMs: number;
  /** Milliseconds between a pass that failed and the next pass. */
  retryMs: number;
}

/**
 * Runs passes until stopped. A pass that fails (the broker or the database is unavailable) is
 * retried after a pause. The rows stay in the outbox meanwhile.
 */
export function runRelay({ pass, pollMs, retryMs }: RelayLoopOptions): RelayLoop {
  const signals = new EventEmitter();
  let woken = false;
  const stopping = new AbortController();

  async function rest(ms: number): Promise<void> {
    if (woken || stopping.signal.aborted) return;
    const time = AbortSignal.timeout(ms);
    await once(signals, 'wake', { signal: time }).catch(() => undefined);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false;
      try {
        // A commit during the pass has called `wake`, so no extra poll is needed here.
        if (!(await pass())) await rest(pollMs);
      } catch (error) {
        record({ event: 'relay-retried', error: String(error), delayMs: retryMs });
        woken = false;
        await rest(retryMs);
      }
    }
  }

  const running = loop();
  const signal = () => {
    woken = true;
    signals.emit('wake');
  };
  return {
    wake: signal,
    async stop() {
      stopping.abort();
      signal();
      await running;
    },
  };
}
