import { parseChaos } from '@indoubt/chaos';
import type { RecordLine } from '@indoubt/record';
import type { InvariantId } from '../../checkers/invariant-id.ts';
import type { Expectation, RunResult, Verdict } from '../../evidence/run-result.ts';
import { hasStruck } from '../chaos/spent-rules.ts';
import type { Scenario } from './scenario.ts';

const UNFOUND = 'it holds: what the story broke did not break, or the checkers do not see it';
const UNHIT = 'armed, and never hit: the run proves nothing about it';

/** Whether each armed fault fired: first prove that it happened, then that it did no harm. Pure. */
export function faultsHit(faults: Scenario['faults'], lines: readonly RecordLine[]): Expectation[] {
  return faults.map((fault) => {
    const holds = lines.some(
      (line) =>
        line.kind === 'event' &&
        line.event === 'failpoint-hit' &&
        line['action'] === 'crash' &&
        line.process === fault.process &&
        line['name'] === fault.failpoint,
    );
    const title = `${fault.process} died at ${fault.failpoint}`;
    return { title, holds, detail: holds ? `hit ${fault.hit}, SIGKILL` : UNHIT };
  });
}

/** Whether each fault of the grammar took effect. Pure. */
export function chaosHit(rules: string, lines: readonly RecordLine[]): Expectation[] {
  return parseChaos(rules).map(({ text }) => {
    const holds = hasStruck(text, null, lines);
    return { title: `the fault struck: ${text}`, holds, detail: holds ? 'in the record' : UNHIT };
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

/** What a lab does that has nothing under way any more. */
export const RESTS = 'the lab comes to rest';

export interface Evidence {
  /** Why the story did not come to its end; null when it did. */
  problem: string | null;
  invariants: RunResult['invariants'];
  /** Those that the story breaks on purpose: found broken, they are what was expected. */
  breaks: readonly InvariantId[];
  expectations: Expectation[];
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
  const { problem, invariants, breaks, expectations, hasMoreFaults, orders } = evidence;
  const meant = new Set<string>(breaks);
  if (invariants.some(({ id, holds }) => !holds && !meant.has(id))) {
    return { verdict: 'broken', problem };
  }
  const missed = expectations.filter(({ holds }) => !holds);
  if (missed.some(({ detail }) => detail === UNHIT)) {
    return { verdict: 'unknown', problem: problem ?? `a fault was ${UNHIT}` };
  }
  const isRestless = missed.some(({ title }) => title === RESTS);
  const isUntold = problem !== null || missed.length > 0;
  if (isRestless || (isUntold && !hasMoreFaults)) return { verdict: 'broken', problem };
  // Led elsewhere, it may have come to nothing, or never to what it was to break.
  const isMoot = isUntold && (orders === 0 || breaks.length > 0);
  return { verdict: isMoot ? 'unknown' : 'holds', problem };
}
