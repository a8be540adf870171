import { EventEmitter, once } from 'node:events';
import { Failure } from '@indoubt/failure';

// If another copy of this service ends the order, there is no event here, so the row is polled too.
const POLL_EVERY_MS = 250;

export interface OrderWaiters {
  ended(orderId: string): void;
  /**
   * Calls `poll` now, when the order ends here, and every 250 ms.
   * @param gone aborted when the client has disconnected
   * @returns the first value that `poll` found; undefined after `withinMs`, `gone` or `close`
   */
  until<T>(
    orderId: string,
    withinMs: number,
    poll: () => Promise<T | undefined>,
    gone?: AbortSignal,
  ): Promise<T | undefined>;
  /**
   * Ends all current and later waits at once, so that the waiting clients are answered. Otherwise a
   * process that stops would cut their connections, with clients in doubt about accepted orders.
   */
  close(): void;
}

/** While the database is unavailable, polling continues. */
function ignoreUnavailable(error: unknown): undefined {
  if (error instanceof Failure && error.certainty === 'indefinite') return undefined;
  throw error;
}

/** Lets requests wait for the end of an order (`Prefer: wait`). */
export function createOrderWaiters(): OrderWaiters {
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const closing = new AbortController();
  return {
    close: () => closing.abort(),
    ended: (orderId) => {
      events.emit(orderId);
    },
    async until(orderId, withinMs, poll, gone) {
      const ends = [AbortSignal.timeout(withinMs), closing.signal, ...(gone ? [gone] : [])];
      const deadline = AbortSignal.any(ends);
      for (;;) {
        // The listener comes before the poll, so that an end between the two is not missed.
        const next = AbortSignal.any([deadline, AbortSignal.timeout(POLL_EVERY_MS)]);
        const ended = once(events, orderId, { signal: next }).catch(() => undefined);
        const found = await poll().catch(ignoreUnavailable);
        if (found !== undefined || deadline.aborted) return found;
        await ended;
      }
    },
  };
}
