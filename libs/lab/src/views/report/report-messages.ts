import type { EventLine, EventName } from '@indoubt/record';
import { messageIdOf, placeOf } from '../../evidence/history/case-file.ts';
import type { Row } from '../../evidence/rows/row.ts';
import type { RunRows } from '../../evidence/rows/run-rows.ts';
import { DATABASE_OWNERS } from '../../infrastructure/provider.ts';
import type { ReportMessage } from '../page/report-data.ts';
import { sendSpans, sentAt } from '../sequence/event-steps.ts';
import type { NarratedEvent, Story } from '../sequence/read-story.ts';
import type { AssignedChange } from './report-databases.ts';
import type { OrdersOfRun } from './report-orders.ts';

type Place = ReportMessage['places'][number];
type Draft = Omit<ReportMessage, 'inbox'>;

/**
 * Every message of every outbox with the places where it was: from the polled outbox rows and from
 * the record. Pure.
 */
export function messagesOf(
  rows: RunRows | null,
  changes: readonly AssignedChange[],
  story: Story,
  orders: OrdersOfRun,
): ReportMessage[] {
  const drafts = new Map<string, Draft>();
  const messageOf = (fields: Omit<Draft, 'places'>): Draft => {
    const found = drafts.get(fields.messageId) ?? { ...fields, places: [] };
    drafts.set(fields.messageId, found);
    return found;
  };
  for (const change of changes) {
    if (change.table !== 'outbox' || change.kind !== 'added') continue;
    messageOf(ofRow(change)).places.push(inOutbox(change, story));
  }
  const sends = sendSpans(story.spans);
  const received = receivedAt(story.events);
  for (const event of story.events) {
    const messageId = messageIn(event.line, received);
    const place = seenAt(event, story, sends);
    if (messageId === undefined || place === null) continue;
    const message = messageOf(ofEvent(event, messageId, orders));
    if (place.place === 'kafka' && message.places.length === 0) {
      message.places.push(waited(event, place));
    }
    message.places.push(place);
  }
  const inboxes = inboxRows(rows, changes);
  return [...drafts.values()].map((message) => ({
    ...message,
    places: message.places.toSorted((one, other) => one.atMs - other.atMs),
    inbox: inboxes.get(message.messageId) ?? null,
  }));
}

function ofRow({ owner, order, row }: AssignedChange): Omit<Draft, 'places'> {
  const [messageId, step, topic] = ['message_id', 'step', 'topic'].map((c) => String(row[c]));
  return { messageId: messageId ?? '', owner, step: step ?? '', topic: topic ?? '', order };
}

function inOutbox({ row, atMs, event, owner }: AssignedChange, { msOf }: Story): Place {
  const made = Date.parse(String(row['created_at']));
  const at = Number.isNaN(made) ? atMs : msOf(made);
  return { place: 'outbox', atMs: at, event, process: owner, note: `row ${String(row['id'])}` };
}

/** By place on a topic: the id of the message that was received from it. */
function receivedAt(events: readonly NarratedEvent[]): ReadonlyMap<string, string> {
  return new Map(
    events.flatMap(({ line }) =>
      line.event === 'message-received' ? [[placeOf(line), line.messageId]] : [],
    ),
  );
}

/**
 * The message id of an event. A dead letter may be unreadable: its event has its place on the topic
 * instead of its id.
 */
function messageIn(line: EventLine, received: ReadonlyMap<string, string>): string | undefined {
  return line.event === 'dead-lettered' ? received.get(placeOf(line)) : messageIdOf(line);
}

/** The owner comes from the name of the relay; unknown when the sending is not in the record. */
function ofEvent(
  { line, order }: NarratedEvent,
  messageId: string,
  { named }: OrdersOfRun,
): Omit<Draft, 'places'> {
  const relay = /^relay-(\w+)/.exec(line.process)?.[1];
  const owner = DATABASE_OWNERS.find((each) => each === relay) ?? '';
  const topic = 'topic' in line ? line.topic : '';
  const step = 'step' in line ? line.step : '';
  return { messageId, owner, step, topic, order: order ?? named(messageId) };
}

/**
 * The place in the outbox, computed from the age that the relay recorded, because no poll saw the
 * row.
 */
function waited({ line }: NarratedEvent, place: Place): Place {
  const forMs = line.event === 'message-sent' ? line.waitedMs : 0;
  const process = place.process.replace('relay-', '');
  return { ...place, place: 'outbox', atMs: place.atMs - forMs, process, event: null, note: '' };
}

/** Where a message was at this event; null when the event is about no message. */
function seenAt(
  { id, line, process, sentence }: NarratedEvent,
  { msOf }: Story,
  sends: ReturnType<typeof sendSpans>,
): Place | null {
  const place = placeIn(line);
  if (place === null) return null;
  // The event is written after the sending: the message may have been received by then.
  const at = place === 'kafka' ? sentAt(sends, line) : line.at;
  return { place, atMs: msOf(at), event: id, process, note: sentence.text };
}

function placeIn(line: EventLine): string | null {
  const isHandled = line.event === 'message-handled';
  if (isHandled && (line.how === 'repeat' || line.how === 'wait')) return 'ignored';
  return PLACES[line.event] ?? null;
}

const PLACES: Partial<Record<EventName, string>> = {
  'message-sent': 'kafka',
  'message-received': 'received',
  'message-handled': 'handled',
  'saga-advanced': 'handled',
  'saga-command-retried': 'handled',
  'answer-ignored': 'ignored',
  'message-retried': 'retried',
  'message-fault-hit': 'fault',
  'dead-lettered': 'dead-letter',
};

/** By message id: the inbox row of its receiver, in its last state. */
function inboxRows(
  rows: RunRows | null,
  changes: readonly AssignedChange[],
): ReadonlyMap<string, Row> {
  const tables = (rows?.databases ?? []).flatMap(({ tables: all }) => all);
  const before = tables.filter(({ name }) => name === 'inbox').flatMap((table) => table.before);
  const seen = changes.filter(({ table }) => table === 'inbox').map(({ row }) => row);
  return new Map([...before, ...seen].map((row) => [String(row['message_id']), row]));
}
