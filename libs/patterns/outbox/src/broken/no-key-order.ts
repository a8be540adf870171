import type { Queries } from '@indoubt/database';
import type { Lease } from '../lease.ts';
import type { Outbox } from '../outbox-store.ts';

/**
 * Broken on purpose: several relays publish at once, each the rows that no other relay has locked.
 * Each row is still sent, but in no order: while one relay has a command of an order locked,
 * another relay sends the next command of the same order first.
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
