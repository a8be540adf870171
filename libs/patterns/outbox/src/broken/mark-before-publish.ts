import type { Outbox } from '../outbox-store.ts';

/**
 * Broken on purpose: rows are marked as published when they are claimed, "so that nobody sends them
 * twice". At most once instead of at least once: a relay that dies, or is refused by the broker,
 * between the two has lost them for good.
 */
export function markOnClaim(outbox: Outbox): Outbox {
  return {
    ...outbox,
    async claim(rowsMax) {
      const rows = await outbox.claim(rowsMax);
      await outbox.markPublished(rows.map(({ id }) => id));
      return rows;
    },
    markPublished: async () => undefined,
  };
}
