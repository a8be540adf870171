import type { Queries } from '@indoubt/database';
import type { Outbox } from '../outbox-store.ts';

/**
 * Broken on purpose: everything up to the last row that was published is marked. Ids are given when
 * a row is written, and rows are seen when they are committed: a lower id whose transaction commits
 * between claim and mark is marked as published, and never sent.
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
