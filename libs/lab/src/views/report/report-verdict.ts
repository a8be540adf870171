import { isDeath } from '../../evidence/history/case-file.ts';
import type { RunResult } from '../../evidence/run-result.ts';
import type { ReportCheck, ReportFault } from '../page/report-data.ts';
import type { NarratedEvent, Story } from '../sequence/read-story.ts';

/**
 * The armed faults with the events at which they struck, then the faults that a scenario caused by
 * hand.
 */
export function faultsOf(armed: readonly string[], { events }: Story): ReportFault[] {
  const struck = Map.groupBy(
    events.filter(({ line }) => 'rule' in line),
    ({ line }) => ('rule' in line ? line.rule : ''),
  );
  const rules = [...new Set([...armed, ...struck.keys()])];
  const byRule = rules.map((rule) => ({ rule, events: idsOf(struck.get(rule) ?? []) }));
  const byHand = Map.groupBy(
    events.filter((event) => isByHand(event, events)),
    ({ line, process }) => `${line.event === 'process-paused' ? 'pause' : 'kill'} ${process}`,
  );
  const hands = [...byHand].map(([what, of]) => ({ rule: `${what} (by hand)`, events: idsOf(of) }));
  return [...byRule, ...hands];
}

function idsOf(events: readonly NarratedEvent[]): number[] {
  return events.map(({ id }) => id);
}

/**
 * Whether a process was killed by hand. A death at a crash point has two events, a kill from
 * outside only one.
 */
function isByHand({ line, process }: NarratedEvent, events: readonly NarratedEvent[]): boolean {
  if (line.event === 'process-paused') return true;
  if (line.event !== 'process-killed' || line.signal !== 'SIGKILL') return false;
  return !events.some(
    (other) =>
      other.line.event === 'failpoint-hit' &&
      isDeath(other.line) &&
      other.process === process &&
      other.line.pid === line.pid,
  );
}

/** The invariants, then the expectations of the scenario. Pure. */
export function checksOf(result: RunResult, { events, msOf }: Story): ReportCheck[] {
  const invariants = result.invariants.map(({ id, title, holds, detail, because }) => {
    const made =
      because === null
        ? undefined
        : events.find(
            ({ line }) =>
              line.event === because.event && Math.abs(msOf(line.at) - because.atMs) < SAME_MS,
          );
    return { id, title, holds, evidence: detail, event: made?.id ?? null };
  });
  const own = result.expectations.map(({ title, holds, detail }) => {
    return { id: '', title, holds, evidence: detail, event: null };
  });
  return [...invariants, ...own];
}

/** Times within this distance are the same moment, rounded when stored. Milliseconds. */
const SAME_MS = 0.01;
