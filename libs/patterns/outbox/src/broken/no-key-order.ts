import type { Queries } from '@indoubt/database';
import type { Lease } from '../lease.ts';
import type { Outbox } from '../outbox-store.ts';

/**
 * Broken on purpose: several relays at once, each with rows that the others have not locked, "since
 * skip locked makes it a queue". Each row still goes out, but in no order: while one relay holds a
 * command of an order, another sends the next one of the same order before it.
 * @param tx  must stay open until the rows are marked: its locks are the claim
 */
export function skipLocked(tx: Queries, outbox: Outbox): Outbox {
  return {
    ...outbox,
    async claim(rowsMax) {
      const locked = await tx.query<{ id: number }>(
        `select id from outbox where published_at is null order by id limit $1
         for update skip locked`,
        [rowsMax],
      );
      const own = new Set(locked.map(({ id }) => id));
      return (await outbox.claim(rowsMax)).filter(({ id }) => own.has(id));
    },
  };
}

/** Every relay may publish. */
export const NO_LEASE: Lease = { acquire: async () => true, fresh: () => true };
