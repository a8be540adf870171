import { record } from '@indoubt/record';
import type { Outbox } from './outbox-store.ts';

/** The right of one relay to publish from an outbox, for a time. */
export interface Lease {
  /** Acquires or renews the lease if needed. @returns whether this relay may publish now */
  acquire(): Promise<boolean>;
  /** Whether the lease is certainly still valid, by this process's own clock. Sends no query. */
  fresh(): boolean;
}

/**
 * The lease is renewed at half its time, so that most passes need no statement for it. Its age is
 * measured on the monotonic clock from before the request was sent, so for this process the lease
 * always ends earlier than for the database.
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
