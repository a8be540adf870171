import { Failure } from '@indoubt/failure';

/**
 * A room with so many places: whoever finds none goes away at once, and is not queued. What waits
 * for a target that hangs can then not fill the process, and starve what has nothing to do with it.
 */
export interface Bulkhead {
  /** @throws what `work` throws; Failure 'bulkhead-full' (definite: it was not begun) */
  run<T>(work: () => Promise<T>): Promise<T>;
  inFlight(): number;
}

export function createBulkhead(target: string, inFlightMax: number): Bulkhead {
  let inFlight = 0;
  return {
    async run(work) {
      if (inFlight >= inFlightMax) {
        throw new Failure(
          'bulkhead-full',
          `${target}: ${inFlightMax} requests wait for it already`,
        );
      }
      inFlight += 1;
      try {
        return await work();
      } finally {
        inFlight -= 1;
      }
    },
    inFlight: () => inFlight,
  };
}
