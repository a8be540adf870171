import type { EventLine } from '@indoubt/record';
import type { RunRows } from '../../evidence/rows/run-rows.ts';
import type { LockWait, PreparedInterval } from '../page/report-data.ts';
import type { NarratedEvent, Story } from '../sequence/read-story.ts';
import type { OrdersOfRun } from './report-orders.ts';

/**
 * The prepared transactions with their durations: from the votes and ends in the record; for
 * transactions that are in no record (an orphan, a vote that a crash lost), from the polls. Pure.
 */
export function preparedOf(
  rows: RunRows | null,
  story: Story,
  { named }: OrdersOfRun,
): PreparedInterval[] {
  const { events, msOf } = story;
  const seen = rows?.prepared ?? [];
  const voted = events.flatMap((event): PreparedInterval[] => {
    const { line, id, process, order } = event;
    if (line.event !== 'branch-voted' || line.vote !== 'yes' || line.repeated) return [];
    const { gid } = line;
    const end = events.find((other) => endsBranch(line, other));
    const lastSeen = seen.find((each) => each.gid === gid)?.until ?? null;
    const until = end?.line.at ?? lastSeen;
    const untilMs = until === null ? null : msOf(until);
    return [{ owner: process, gid, order, fromMs: msOf(line.at), untilMs, event: id }];
  });
  const known = new Set(voted.map(({ gid }) => gid));
  const unvoted = seen.flatMap(({ owner, gid, from, until }): PreparedInterval[] => {
    if (known.has(gid)) return [];
    const about = events.filter(({ line }) => 'gid' in line && line.gid === gid);
    const byHand = about.find(({ line }) => line.event === 'heuristic-decision');
    const end = byHand?.line.at ?? until;
    const times = { fromMs: msOf(from), untilMs: end === null ? null : msOf(end) };
    const order = named(gid);
    const voter = order === null ? undefined : lastOf(events, from, owner);
    return [{ owner, gid, order, ...times, event: (about[0] ?? voter)?.id ?? null }];
  });
  return [...voted, ...unvoted].toSorted((one, other) => one.fromMs - other.fromMs);
}

/** Whether the event ends the branch of the vote, by its service or by an operator. */
function endsBranch(voted: EventLine<'branch-voted'>, { line }: NarratedEvent): boolean {
  if (line.at < voted.at) return false;
  if (line.event === 'heuristic-decision') return line.gid === voted.gid;
  const isSame = line.orderId === voted.orderId && line.process === voted.process;
  return line.event === 'branch-ended' && isSame;
}

/** All lock waits, each with the last event of the process that waits. Pure. */
export function locksOf(rows: RunRows | null, { events, msOf }: Story): LockWait[] {
  return (rows?.waits ?? []).map(({ owner, name, statement, heldBy, from, until }) => ({
    owner,
    statement: `${name}: ${statement}`,
    heldBy,
    fromMs: msOf(from),
    untilMs: until === null ? null : msOf(until),
    event: lastOf(events, from, name)?.id ?? null,
  }));
}

/** The last event of a process before a time. */
function lastOf(
  events: readonly NarratedEvent[],
  at: number,
  name: string,
): NarratedEvent | undefined {
  return events.findLast(({ line, process }) => line.at <= at && process === name);
}
