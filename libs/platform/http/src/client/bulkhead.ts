import { Failure } from '@indoubt/failure';

/**
 * At most N calls in flight to a target; further calls fail at once instead of queueing. Calls to a
 * target that hangs can then not use up the process, and starve calls to other targets.
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
          `${target}: ${inFlightMax} requests are in flight already`,
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
