import { createHash } from 'node:crypto';

/** What `work` takes on the machine on which the bounds of the tests were chosen, when quiet. */
const REFERENCE_MS = 60;
const SLOWNESS_MAX = 6;
/** A machine may get busy after the measurement: each bound has this much in reserve. */
const RESERVE = 2;
/** Handed on to the processes that run test files, so that one measurement serves all. */
const VARIABLE = 'IN_DOUBT_SLOWNESS';

/**
 * How much slower this machine is now than the one on which the bounds were chosen; 1 if it is as
 * fast. Measured once for each run of the tests, with a fixed piece of work: it is slow on an old
 * processor and on a busy one alike.
 */
function measuredSlowness(): number {
  const known = Number(process.env[VARIABLE]);
  if (known >= 1) return Math.min(SLOWNESS_MAX, known);
  const times = Array.from({ length: 3 }, timeWork).toSorted((a, b) => a - b);
  const slowness = Math.min(SLOWNESS_MAX, Math.max(1, (times[1] ?? 0) / REFERENCE_MS));
  process.env[VARIABLE] = slowness.toFixed(2);
  return slowness;
}

/** A bound for one step of a test, for this machine. Milliseconds, as on a quiet machine. */
export function scaled(ms: number): number {
  return Math.round(ms * measuredSlowness() * RESERVE);
}

function timeWork(): number {
  const startMs = performance.now();
  let digest = '';
  for (let n = 0; n < 30_000; n += 1) digest = createHash('sha256').update(digest).digest('hex');
  return performance.now() - startMs;
}
