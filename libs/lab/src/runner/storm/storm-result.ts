import type { InvariantResult, Verdict } from '../../evidence/run-result.ts';
import type { Acted } from './act-on-lab.ts';
import type { FaultKinds, StormCounts } from './count-storm.ts';
import type { StormSchedule } from './storm-schedule.ts';

/** The document of `scenario storm --json`. Documented in docs/json.md. */
export interface StormResult {
  verdict: Verdict;
  seed: number;
  durationMs: number;
  /** New orders a second. */
  rate: number;
  coordination: StormSchedule['coordination'];
  counts: StormCounts;
  faultKinds: FaultKinds;
  /** Ticks at which no order was placed, since too many requests were waiting. */
  leftOut: number;
  /** Milliseconds from the end of the storm until nothing was under way; null: it did not end. */
  restedAfterMs: number | null;
  invariants: InvariantResult[];
  /** What became of each step of the schedule. */
  steps: Acted[];
  /** What did not come back after the storm; null otherwise. */
  problem: string | null;
  runDir: string;
  /** The schedule, for --replay. */
  scheduleFile: string;
  /** The command that does the same again. */
  repeat: string;
  /** What --shrink came to; null when nothing was shrunk. */
  shrunk: ShrunkStorm | null;
}

export interface ShrunkStorm {
  /** The smallest schedule that was seen to break. */
  scheduleFile: string;
  steps: number;
  /** How many storms it took. */
  tries: number;
  /** False: runs or time were used up before every smaller one was tried. */
  isMinimal: boolean;
  repeat: string;
}

type Judged = Pick<StormResult, 'counts' | 'restedAfterMs' | 'invariants' | 'problem'>;

/**
 * Broken: an invariant does not hold, a process did not come back, or the lab never came to rest. A
 * storm without a fault, or without an order that went through it, has shown nothing. Pure.
 */
export function judgeStorm({ counts, restedAfterMs, invariants, problem }: Judged): Verdict {
  const isAtRest = restedAfterMs !== null && problem === null;
  if (!isAtRest || invariants.some(({ holds }) => !holds)) return 'broken';
  return counts.faults > 0 && counts.confirmed > 0 ? 'holds' : 'unknown';
}
