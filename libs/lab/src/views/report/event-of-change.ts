import { messageIdOf } from '../../evidence/history/case-file.ts';
import { changedBy } from '../../evidence/rows/follow-events.ts';
import type { SeenChange } from '../../evidence/rows/run-rows.ts';
import type { DatabaseOwner } from '../../infrastructure/provider.ts';
import type { NarratedEvent, Story } from '../sequence/read-story.ts';
import { isMark, isSend, mayHaveMade } from './may-have-made.ts';

/**
 * Finds the event that most likely made a change; null when no event in the record can have made
 * it.
 */
export type EventOfChange = (change: SeenChange, ofRow: string | null) => NarratedEvent | null;

/**
 * An event is recorded after its commit, and a busy process records late, so a poll may have seen
 * the rows already. Milliseconds.
 */
const NOTED_WITHIN_MS = 500;

/**
 * A row with a time stamp is assigned to the first event since then that can have written it;
 * another row to the last such event before the poll. Call this in the order in which the rows were
 * written: an event that sends a message twice has two rows.
 */
export function eventOfChange({ events }: Story): EventOfChange {
  const own = ownEvents(events);
  const marks = marksOf(events);
  const sent = new Set<string>();

  function wrote(change: SeenChange, ofRow: string | null): NarratedEvent | null {
    const all = own.get(change.owner) ?? [];
    const until = countUntil(all, change.at);
    const scoreOf = (event: NarratedEvent): number =>
      sent.has(sendOf(event.id, change)) ? 0 : mayHaveMade(event, change, ofRow);
    const likeliest = (some: readonly NarratedEvent[]): NarratedEvent[] => {
      const scores = some.map(scoreOf);
      const most = Math.max(1, ...scores);
      return some.filter((_, index) => scores[index] === most);
    };
    const since = countUntil(all, change.after);
    const stamp = writtenAt(change) ?? Number.POSITIVE_INFINITY;
    const noted = all.slice(since, countUntil(all, change.at + NOTED_WITHIN_MS));
    const [first] = likeliest(noted.filter(({ line }) => line.at >= stamp));
    const found = first ?? likeliest(all.slice(since, until)).at(-1);
    if (found !== undefined || ofRow === null) return found ?? null;
    const [late] = likeliest(noted.slice(until - since));
    const before = all.slice(0, since).filter(({ order }) => order === ofRow);
    return late ?? before.findLast((event) => scoreOf(event) > 0) ?? null;
  }

  return (change, ofRow) => {
    if (isMark(change)) return marks(change);
    if (change.table === 'heuristic_decisions') return byHand(events, change);
    if (isDamage(change)) return damaged(events, change, ofRow);
    const event = wrote(change, ofRow);
    if (event !== null && isSend(change)) sent.add(sendOf(event.id, change));
    return event;
  };
}

/** By database: the events that may have changed its rows. */
function ownEvents(events: readonly NarratedEvent[]): ReadonlyMap<DatabaseOwner, NarratedEvent[]> {
  const own = new Map<DatabaseOwner, NarratedEvent[]>();
  for (const event of events) {
    for (const owner of changedBy(event.line)) {
      const list = own.get(owner) ?? [];
      list.push(event);
      own.set(owner, list);
    }
  }
  return own;
}

/** A heuristic decision has its row before it is carried out. */
function byHand(events: readonly NarratedEvent[], { row }: SeenChange): NarratedEvent | null {
  const isIt = ({ line }: NarratedEvent): boolean =>
    line.event === 'heuristic-decision' && line.gid === row['gid'];
  return events.find(isIt) ?? null;
}

/** Whether the change is heuristic damage that a participant reported to the coordinator. */
function isDamage({ table, columns }: SeenChange): boolean {
  return table === 'transactions' && columns.length === 1 && columns[0] === 'damage';
}

function damaged(
  events: readonly NarratedEvent[],
  { at }: SeenChange,
  ofRow: string | null,
): NarratedEvent | null {
  const isIt = ({ line, order }: NarratedEvent): boolean =>
    line.event === 'heuristic-damage' && line.at <= at && order === ofRow;
  return events.findLast(isIt) ?? null;
}

/** The sending whose row a relay marked: the mark is written after the event of the sending. */
function marksOf(events: readonly NarratedEvent[]): (change: SeenChange) => NarratedEvent | null {
  const sent = Map.groupBy(
    events.filter(({ line }) => line.event === 'message-sent'),
    ({ line }) => messageIdOf(line),
  );
  return ({ row, at }) => {
    const isIt = ({ line }: NarratedEvent): boolean =>
      line.event === 'message-sent' &&
      line.at <= at &&
      String(line.outboxId ?? row['id']) === String(row['id']);
    return sent.get(String(row['message_id']))?.findLast(isIt) ?? null;
  };
}

function sendOf(event: number, change: SeenChange): string {
  return isSend(change) ? `${event} ${change.owner} ${String(change.row['step'])}` : '';
}

/**
 * Columns with the time at which the row was written. Other time columns say when something is due.
 */
const STAMPS = [
  'created_at',
  'updated_at',
  'released_at',
  'taken_at',
  'begun_at',
  'decided_at',
  'started_at',
  'received_at',
  'ended_at',
];

/** When the row was written, if it has a time stamp. Epoch milliseconds. Pure. */
export function writtenAt({ kind, row, columns }: SeenChange): number | null {
  if (kind === 'removed') return null;
  const times = STAMPS.filter((name) => kind === 'added' || columns.includes(name))
    .map((name) => row[name])
    .map((value) => (typeof value === 'string' ? Date.parse(value) : Number.NaN))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? null : Math.max(...times);
}

/** How many events were at this time or before. The events are ordered by time. */
function countUntil(events: readonly NarratedEvent[], at: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.line.at ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
