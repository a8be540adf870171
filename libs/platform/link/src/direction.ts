import type { LinkFault } from './link-fault.ts';
import { delayOf, fullBucket, rateOf, takeTokens } from './pacing.ts';

/** One direction of a link, with its faults; all connections of the link share the direction. */
export interface Direction {
  set(faults: readonly LinkFault[]): void;
  /** True while a blackhole blocks this direction. */
  isBlocked(): boolean;
  /** Records that a blackhole blocked something. */
  recordBlocked(): void;
  /** The delay of the next piece. Milliseconds. */
  delayMs(): number;
  /** How many of `wanted` bytes may go now, or milliseconds until some may go. */
  take(wanted: number, nowMs: number): { bytes: number; waitMs: number };
}

interface DirectionOptions {
  direction: 'out' | 'in';
  random: () => number;
  /** Called each time that a fault affects something. */
  touched: (fault: LinkFault) => void;
}

export function createDirection({ direction, random, touched }: DirectionOptions): Direction {
  let faults: readonly LinkFault[] = [];
  let bytesPerSecond = Infinity;
  let bucket = fullBucket(bytesPerSecond, 0);
  const touch = (action: LinkFault['action']): void => {
    for (const fault of faults) if (fault.action === action) touched(fault);
  };
  return {
    set(all) {
      faults = all.filter((fault) => fault.direction === 'both' || fault.direction === direction);
      bytesPerSecond = rateOf(faults);
      bucket = fullBucket(bytesPerSecond, performance.now());
    },
    isBlocked: () => faults.some(({ action }) => action === 'blackhole'),
    recordBlocked: () => touch('blackhole'),
    delayMs() {
      if (faults.length === 0) return 0;
      const lateMs = delayOf(faults, random);
      if (lateMs > 0) touch('delay');
      return lateMs;
    },
    take(wanted, nowMs) {
      const taken = takeTokens(bucket, bytesPerSecond, wanted, nowMs);
      bucket = taken.bucket;
      if (taken.waitMs > 0) touch('throttle');
      return taken;
    },
  };
}
