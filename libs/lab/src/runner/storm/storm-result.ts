import type { InvariantResult, Verdict } from '../../evidence/run-result.ts';
import type { Acted } from './act-on-lab.ts';
import type { FaultKinds, StormCounts } from './count-storm.ts';
import type { StormSchedule } from './storm-schedule.ts';

/** The document of `scenario storm --json`. Documented in docs/json.md. */
export interface StormResult {
  verdict: Verdict;
  seed: number;
  durationMs: number;
  /** New orders per second. */
  rate: number;
  coordination: StormSchedule['coordination'];
  counts: StormCounts;
  faultKinds: FaultKinds;
  /** Orders that were not placed, because too many requests were in flight. */
  leftOut: number;
  /** Milliseconds from the end of the storm until the lab was idle; null when it never was. */
  restedAfterMs: number | null;
  invariants: InvariantResult[];
  /** The result of each step of the schedule. */
  steps: Acted[];
  /** Which process or server did not restart after the storm; null otherwise. */
  problem: string | null;
  runDir: string;
  /** The schedule, for --replay. */
  scheduleFile: string;
  /** The command that repeats the storm. */
  repeat: string;
  /** The result of --shrink; null without it. */
  shrunk: ShrunkStorm | null;
}

export interface ShrunkStorm {
  /** The smallest schedule that broke. */
  scheduleFile: string;
  steps: number;
  /** Number of storms that the search took. */
  tries: number;
  /** False when a bound was reached before every smaller schedule was tried. */
  isMinimal: boolean;
  repeat: string;
}

type Judged = Pick<StormResult, 'counts' | 'restedAfterMs' | 'invariants' | 'problem'>;

/**
 * Broken: an invariant does not hold, a process did not restart, or the lab did not become idle.
 * Unknown: no fault struck, or no order was confirmed. Pure.
 */
export function judgeStorm({ counts, restedAfterMs, invariants, problem }: Judged): Verdict {
  const isAtRest = restedAfterMs !== null && problem === null;
  if (!isAtRest || invariants.some(({ holds }) => !holds)) return 'broken';
  return counts.faults > 0 && counts.confirmed > 0 ? 'holds' : 'unknown';
}
