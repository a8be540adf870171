import type { Queries } from '@indoubt/database';
import { type Log, type Repeating, runEvery } from '@indoubt/http';
import { record } from '@indoubt/record';
import type { Keys } from './keys.ts';

const REAP_EVERY_MS = 1_000;

/** Deletes expired keys in small batches, so that each transaction is short. */
export function reapKeys(tx: Queries, keys: Pick<Keys, 'reap'>, log: Log): Repeating {
  return runEvery(
    REAP_EVERY_MS,
    async () => {
      for (let count = await keys.reap(tx); count > 0; count = await keys.reap(tx)) {
        record({ event: 'keys-reaped', count });
      }
    },
    (error) => log.warn({ err: error }, 'old keys could not be deleted; will try again'),
  );
}
