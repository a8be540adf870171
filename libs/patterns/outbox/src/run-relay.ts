import { EventEmitter, once } from 'node:events';
import { record } from '@indoubt/record';

export interface RelayLoop {
  /**
   * Something was committed: poll now instead of later. Cheap, and harmless when wrong.
   */
  wake(): void;
  /** Ends after the pass in progress. */
  stop(): Promise<void>;
}

export interface RelayLoopOptions {
  /** One pass; @returns whether more may be waiting than it could take. */
  pass(): Promise<boolean>;
  /** The slow poll behind the wake-ups: what a lost wake-up costs. Milliseconds. */
  pollMs: number;
  /** The pause after a pass that failed. Milliseconds. */
  retryMs: number;
}

/**
 * Runs passes until stopped. A pass that fails (the broker or the database is away) is tried again
 * after a pause: nothing is lost meanwhile, the rows wait.
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
        // What was committed meanwhile has woken us: no need for one more pass after each pass.
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
