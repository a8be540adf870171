import { EventEmitter, once } from 'node:events';
import { Failure } from '@indoubt/failure';

// When another copy of this service ends the order, no event comes here: poll the row as well.
const POLL_EVERY_MS = 250;

export interface OrderWaiters {
  ended(orderId: string): void;
  /**
   * Calls `poll` now, whenever the order ends here, and every quarter of a second.
   * @param gone aborted when whoever waits has left
   * @returns what `poll` last returned: a value once it is found, or undefined when time was up
   *   or this is closed
   */
  until<T>(
    orderId: string,
    withinMs: number,
    poll: () => Promise<T | undefined>,
    gone?: AbortSignal,
  ): Promise<T | undefined>;
  /**
   * Waits no longer: whoever waits now or later is answered with what is known. A process that
   * stops would otherwise cut those connections, and leave clients in doubt about accepted orders.
   */
  close(): void;
}

/** While the database is away nobody knows how the order stands: poll until time is up. */
function unlessAway(error: unknown): undefined {
  if (error instanceof Failure && error.certainty === 'indefinite') return undefined;
  throw error;
}

/**
 * Requests that wait for an order's final state (`Prefer: wait`), woken by the commit that ends it.
 */
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
        // Listens before it polls: an end between the two would otherwise be missed.
        const next = AbortSignal.any([deadline, AbortSignal.timeout(POLL_EVERY_MS)]);
        const ended = once(events, orderId, { signal: next }).catch(() => undefined);
        const found = await poll().catch(unlessAway);
        if (found !== undefined || deadline.aborted) return found;
        await ended;
      }
    },
  };
}
