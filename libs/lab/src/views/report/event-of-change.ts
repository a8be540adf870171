import { messageIdOf } from '../../evidence/history/case-file.ts';
import { changedBy } from '../../evidence/rows/follow-events.ts';
import type { SeenChange } from '../../evidence/rows/run-rows.ts';
import type { DatabaseOwner } from '../../infrastructure/provider.ts';
import type { Story, ToldEvent } from '../sequence/read-story.ts';
import { isMark, isSend, mayHaveMade } from './may-have-made.ts';

/** Finds the event that most likely made a change; null when none in the record can have. */
export type EventOfChange = (change: SeenChange, ofRow: string | null) => ToldEvent | null;

/**
 * An event is noted after what it tells of is committed, and a busy process notes late: a look may
 * have seen the rows already. Milliseconds.
 */
const NOTED_WITHIN_MS = 500;

/**
 * A row that says when it was written is put down to the first event since then that can have
 * written it; another to the last one before the look. Rows are to be asked for in the order in
 * which they were written: an event that sends a message twice has two rows.
 */
export function eventOfChange({ events }: Story): EventOfChange {
  const own = ownEvents(events);
  const marks = marksOf(events);
  const sent = new Set<string>();

  function wrote(change: SeenChange, ofRow: string | null): ToldEvent | null {
    const all = own.get(change.owner) ?? [];
    const until = countUntil(all, change.at);
    const scoreOf = (event: ToldEvent): number =>
      sent.has(sendOf(event.id, change)) ? 0 : mayHaveMade(event, change, ofRow);
    const likeliest = (some: readonly ToldEvent[]): ToldEvent[] => {
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

/** Database → the events that may have changed its rows. */
function ownEvents(events: readonly ToldEvent[]): ReadonlyMap<DatabaseOwner, ToldEvent[]> {
  const own = new Map<DatabaseOwner, ToldEvent[]>();
  for (const event of events) {
    for (const owner of changedBy(event.line)) {
      const list = own.get(owner) ?? [];
      list.push(event);
      own.set(owner, list);
    }
  }
  return own;
}

/** What an operator ends by hand has a row from before it is done. */
function byHand(events: readonly ToldEvent[], { row }: SeenChange): ToldEvent | null {
  const isIt = ({ line }: ToldEvent): boolean =>
    line.event === 'heuristic-decision' && line.gid === row['gid'];
  return events.find(isIt) ?? null;
}

/** The coordinator notes what another has told it. */
function isDamage({ table, columns }: SeenChange): boolean {
  return table === 'transactions' && columns.length === 1 && columns[0] === 'damage';
}

function damaged(
  events: readonly ToldEvent[],
  { at }: SeenChange,
  ofRow: string | null,
): ToldEvent | null {
  const isIt = ({ line, order }: ToldEvent): boolean =>
    line.event === 'heuristic-damage' && line.at <= at && order === ofRow;
  return events.findLast(isIt) ?? null;
}

/** A mark is written after the note that the message was sent, however long after. */
function marksOf(events: readonly ToldEvent[]): (change: SeenChange) => ToldEvent | null {
  const sent = Map.groupBy(
    events.filter(({ line }) => line.event === 'message-sent'),
    ({ line }) => messageIdOf(line),
  );
  return ({ row, at }) => {
    const isIt = ({ line }: ToldEvent): boolean =>
      line.event === 'message-sent' &&
      line.at <= at &&
      String(line.outboxId ?? row['id']) === String(row['id']);
    return sent.get(String(row['message_id']))?.findLast(isIt) ?? null;
  };
}

function sendOf(event: number, change: SeenChange): string {
  return isSend(change) ? `${event} ${change.owner} ${String(change.row['step'])}` : '';
}

/** Columns that say when their service wrote the row; others say when something is due. */
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

/** When the row was written, if it says so. Epoch milliseconds. Pure. */
export function writtenAt({ kind, row, columns }: SeenChange): number | null {
  if (kind === 'removed') return null;
  const times = STAMPS.filter((name) => kind === 'added' || columns.includes(name))
    .map((name) => row[name])
    .map((value) => (typeof value === 'string' ? Date.parse(value) : Number.NaN))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? null : Math.max(...times);
}

/** How many events were at this time or before; they are in the order of time. */
function countUntil(events: readonly ToldEvent[], at: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.line.at ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
