import { isBroken } from '@indoubt/chaos';
import { autocommit, type Pool, type Queries, withTransaction } from '@indoubt/database';
import { markOnClaim } from './broken/mark-before-publish.ts';
import { NO_LEASE, skipLocked } from './broken/no-key-order.ts';
import { markRange } from './broken/range-mark.ts';
import { createOutbox, type Outbox } from './outbox-store.ts';
import { type RelayPass, relayOnce } from './relay-once.ts';

/**
 * One pass of this process's relay: `relayOnce`, unless the process was started with a broken
 * variant. Call this after the process is opened: opening arms its faults.
 */
export function chosenRelayPass(
  pool: Pool,
  { lease, publish }: Omit<RelayPass, 'outbox'>,
): () => Promise<number> {
  const mark = chosenMark();
  if (isBroken('no-key-order')) {
    return () =>
      withTransaction(pool, (tx) => {
        const outbox = mark(tx, skipLocked(tx, createOutbox(tx)));
        return relayOnce({ outbox, lease: NO_LEASE, publish });
      });
  }
  const read = autocommit(pool);
  const outbox = mark(read, createOutbox(read));
  return () => relayOnce({ outbox, lease, publish });
}

function chosenMark(): (tx: Queries, outbox: Outbox) => Outbox {
  if (isBroken('mark-before-publish')) return (_tx, outbox) => markOnClaim(outbox);
  if (isBroken('range-mark')) return markRange;
  return (_tx, outbox) => outbox;
}
