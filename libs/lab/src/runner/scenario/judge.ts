import type { ChaosRule } from '@indoubt/chaos';
import type { RecordLine } from '@indoubt/record';
import type { InvariantId } from '../../checkers/invariant-id.ts';
import type { Expectation, RunResult, Verdict } from '../../evidence/run-result.ts';
import { hasStruck } from '../chaos/spent-rules.ts';

const UNFOUND = 'it holds: what the story broke did not break, or the checkers do not see it';
const UNHIT = 'armed, and never hit: the run proves nothing about it';

/** Whether each fault struck: first prove that it happened, then that it did no harm. Pure. */
export function faultsStruck(
  rules: readonly ChaosRule[],
  lines: readonly RecordLine[],
): Expectation[] {
  return rules.map((rule) => {
    const holds = hasStruck(rule, null, lines);
    const detail = holds ? 'in the record' : UNHIT;
    return { title: `the fault struck: ${rule.text}`, holds, detail };
  });
}

/** Whether the checkers find each invariant that the story breaks on purpose. Pure. */
export function foundBroken(
  breaks: readonly InvariantId[],
  invariants: RunResult['invariants'],
): Expectation[] {
  return breaks.map((id) => {
    const holds = invariants.some((invariant) => invariant.id === id && !invariant.holds);
    const title = `the checkers find it: ${id} is broken`;
    return { title, holds, detail: holds ? 'broken on purpose' : UNFOUND };
  });
}

/** Messages that nobody acknowledged, or work that goes on: the rows may still change. Pure. */
export function restsWithin(ms: number, isAtRest: boolean): Expectation[] {
  if (isAtRest) return [];
  const detail = `not within ${ms / 1_000} s: messages wait, or something goes on (see INV-9)`;
  return [{ title: 'the lab comes to rest', holds: false, detail }];
}

export interface Evidence {
  /** Why the story did not come to its end; null when it did. */
  problem: string | null;
  invariants: RunResult['invariants'];
  /** Those that the story breaks on purpose: found broken, they are what was expected. */
  breaks: readonly InvariantId[];
  /** Whether each armed fault struck. */
  struck: readonly Expectation[];
  /** What the story must show beside its faults. */
  expected: readonly Expectation[];
  /** Whether nothing was under way any more in the end. */
  isAtRest: boolean;
  /** Whether somebody armed faults that the story does not know: it may go another way then. */
  hasMoreFaults: boolean;
  /** How many orders there are in the end. */
  orders: number;
}

/**
 * A broken invariant is broken whatever else happened. An armed fault that never fired makes the
 * rest unknown: nothing was proved. A story that did not end as told is broken, unless faults that
 * are none of its own led it elsewhere: then the invariants alone decide. Pure.
 */
export function judge(evidence: Evidence): { verdict: Verdict; problem: string | null } {
  const { problem, invariants, breaks, struck, expected, isAtRest } = evidence;
  const { hasMoreFaults, orders } = evidence;
  const meant = new Set<string>(breaks);
  if (invariants.some(({ id, holds }) => !holds && !meant.has(id))) {
    return { verdict: 'broken', problem };
  }
  if (struck.some(isMissed)) {
    return { verdict: 'unknown', problem: problem ?? `a fault was ${UNHIT}` };
  }
  const isUntold = problem !== null || expected.some(isMissed);
  if (!isAtRest || (isUntold && !hasMoreFaults)) return { verdict: 'broken', problem };
  // Led elsewhere, it may have come to nothing, or never to what it was to break.
  const isMoot = isUntold && (orders === 0 || breaks.length > 0);
  return { verdict: isMoot ? 'unknown' : 'holds', problem };
}

function isMissed({ holds }: Expectation): boolean {
  return !holds;
}
