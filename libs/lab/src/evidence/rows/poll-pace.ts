/** Minimum gap between two polls. Steps of a story are rarely closer. */
const GAP_MS = 30;
/** Free polling budget in milliseconds. Beyond it, polling may use SHARE of the run. */
const FREE_MS = 250;
const SHARE = 0.05;

/**
 * How long to wait before the next poll, so that polling takes about a twentieth of a long run: a
 * run of a few orders is polled at each step, a run of hundreds of orders less often. The cost for
 * the databases is not measured. Pure. All values are milliseconds.
 * @param spentMs  in all polls so far, from the query until all databases have answered
 * @param elapsedMs  since the first poll
 */
export function pauseBefore(spentMs: number, elapsedMs: number): number {
  const owed = (spentMs - FREE_MS) / SHARE - elapsedMs;
  return Math.max(GAP_MS, owed);
}
