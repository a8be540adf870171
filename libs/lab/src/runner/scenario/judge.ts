import type { ChaosRule } from '@indoubt/chaos';
import type { RecordLine } from '@indoubt/record';
import type { InvariantId } from '../../checkers/invariant-id.ts';
import type { Expectation, RunResult, Verdict } from '../../evidence/run-result.ts';
import { hasStruck } from '../chaos/spent-rules.ts';

const NOT_BROKEN = 'it holds: the scenario did not break it, or the checkers do not detect it';
const UNHIT = 'armed and never hit: the run proves nothing about it';

/** Whether each fault struck. A run without its faults proves nothing. Pure. */
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

/** Whether the checkers find each invariant that the scenario breaks on purpose. Pure. */
export function foundBroken(
  breaks: readonly InvariantId[],
  invariants: RunResult['invariants'],
): Expectation[] {
  return breaks.map((id) => {
    const holds = invariants.some((invariant) => invariant.id === id && !invariant.holds);
    const title = `the checkers find that ${id} is broken`;
    return { title, holds, detail: holds ? 'broken on purpose' : NOT_BROKEN };
  });
}

/** A failed expectation if the lab is not idle, because its rows may still change. Pure. */
export function restsWithin(ms: number, isAtRest: boolean): Expectation[] {
  if (isAtRest) return [];
  const detail = `not within ${ms / 1_000} s: messages or work are still pending (see INV-9)`;
  return [{ title: 'the lab becomes idle', holds: false, detail }];
}

export interface Evidence {
  /** Why the scenario did not reach its end; null when it did. */
  problem: string | null;
  invariants: RunResult['invariants'];
  /** Invariants that the scenario breaks on purpose. They are expected to be broken. */
  breaks: readonly InvariantId[];
  /** Whether each armed fault struck. */
  struck: readonly Expectation[];
  /** The other expectations of the scenario. */
  expected: readonly Expectation[];
  /** Whether the lab was idle at the end. */
  isAtRest: boolean;
  /** Whether the user armed additional faults, with which the scenario may end differently. */
  hasMoreFaults: boolean;
  /** Number of orders at the end. */
  orders: number;
}

/**
 * A broken invariant makes the run broken. Otherwise an armed fault that never fired makes it
 * unknown. A scenario that did not end as planned is broken, unless the user armed additional
 * faults: then only the invariants decide. Pure.
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
  const isOffPlan = problem !== null || expected.some(isMissed);
  if (!isAtRest || (isOffPlan && !hasMoreFaults)) return { verdict: 'broken', problem };
  // With additional faults it may have no order, or not reach the point where it breaks something.
  const provesNothing = isOffPlan && (orders === 0 || breaks.length > 0);
  return { verdict: provesNothing ? 'unknown' : 'holds', problem };
}

function isMissed({ holds }: Expectation): boolean {
  return !holds;
}
