import { record } from '@indoubt/record';
import type { Outbox } from './outbox-store.ts';

/** The right of one relay to publish from an outbox, for a time. */
export interface Lease {
  /** Acquires or renews it where needed. @returns whether this relay may publish now */
  acquire(): Promise<boolean>;
  /** Whether it is still certain, by this process's own clock, without a query. */
  fresh(): boolean;
}

/**
 * Renewed at half its time, so that in a busy second it costs no statement at all. Measured from
 * before the request was sent, by the monotonic clock: this side always thinks it ends sooner than
 * the database does.
 * @param leaseMs how long a dead relay blocks the next one
 */
export function createLease(
  outbox: Pick<Outbox, 'lease'>,
  holder: string,
  leaseMs: number,
  nowMs: () => number = () => performance.now(),
): Lease {
  let epoch = -1;
  let takenAt = Number.NEGATIVE_INFINITY;
  const age = () => nowMs() - takenAt;
  return {
    fresh: () => age() < leaseMs,
    async acquire() {
      if (age() < leaseMs / 2) return true;
      const requestedAt = nowMs();
      const granted = await outbox.lease(holder, leaseMs);
      if (granted === null) return false;
      takenAt = requestedAt;
      if (granted !== epoch) record({ event: 'lease-taken', holder, epoch: granted });
      epoch = granted;
      return true;
    },
  };
}
