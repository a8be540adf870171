import { Failure } from '@indoubt/failure';

/**
 * At most N calls are in flight to a target. Further calls fail at once instead of queueing, so a
 * target that hangs cannot use up the resources that calls to other targets need.
 */
export interface Bulkhead {
  /** @throws what `work` throws; Failure 'bulkhead-full' (definite: `work` was not begun) */
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
