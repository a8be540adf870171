import type { Queries } from '@indoubt/database';
import type { Outbox } from '../outbox-store.ts';

/**
 * Broken on purpose: every row up to the last published row is marked. A row gets its id when it is
 * written, but becomes visible when its transaction commits. A row with a lower id that commits
 * between claim and mark is marked as published and never sent.
 */
export function markRange(tx: Queries, outbox: Outbox): Outbox {
  return {
    ...outbox,
    async markPublished(ids) {
      await tx.query(
        `update outbox set published_at = clock_timestamp()
          where published_at is null and id <= $1`,
        [Math.max(...ids)],
      );
    },
  };
}
