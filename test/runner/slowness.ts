import { createHash } from 'node:crypto';

/** Duration of `timeWork` on the idle machine on which the bounds of the tests were chosen. */
const REFERENCE_MS = 60;
const SLOWNESS_MAX = 6;
/**
 * Each bound is multiplied by this number, because a machine may get busy after the measurement.
 */
const RESERVE = 2;
/** The environment variable that passes the measurement to the processes that run test files. */
const VARIABLE = 'IN_DOUBT_SLOWNESS';

/**
 * How many times slower this machine is now than the machine on which the bounds were chosen; at
 * least 1. Measured once for each run of the tests with a fixed piece of work, which takes longer
 * on an old or busy processor.
 */
function measuredSlowness(): number {
  const known = Number(process.env[VARIABLE]);
  if (known >= 1) return Math.min(SLOWNESS_MAX, known);
  const times = Array.from({ length: 3 }, timeWork).toSorted((a, b) => a - b);
  const slowness = Math.min(SLOWNESS_MAX, Math.max(1, (times[1] ?? 0) / REFERENCE_MS));
  process.env[VARIABLE] = slowness.toFixed(2);
  return slowness;
}

/** A bound for one step of a test on this machine. @param ms the bound on an idle machine */
export function scaled(ms: number): number {
  return Math.round(ms * measuredSlowness() * RESERVE);
}

function timeWork(): number {
  const startMs = performance.now();
  let digest = '';
  for (let n = 0; n < 30_000; n += 1) digest = createHash('sha256').update(digest).digest('hex');
  return performance.now() - startMs;
}
