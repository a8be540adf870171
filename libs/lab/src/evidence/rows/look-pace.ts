/** Milliseconds between two looks at least: no story has steps much closer to each other. */
const GAP_MS = 30;
/** What a short run may have for nothing, and the share of its time that a long one gives. */
const FREE_MS = 250;
const SHARE = 0.05;

/**
 * How long to wait before the next look, so that about a twentieth of a long run's time is spent
 * in looks: a story of a few orders is seen step by step, one of hundreds less often. What a look
 * costs those who are looked at is not measured. Pure. All are milliseconds.
 * @param spentMs  in all looks so far, from asking until all databases have answered
 * @param elapsedMs  since the first look
 */
export function pauseBefore(spentMs: number, elapsedMs: number): number {
  const owed = (spentMs - FREE_MS) / SHARE - elapsedMs;
  return Math.max(GAP_MS, owed);
}
