import type { Row } from '../../evidence/rows/row.ts';
import type { RunRows } from '../../evidence/rows/run-rows.ts';
import { DATABASE_OWNERS } from '../../infrastructure/provider.ts';
import type { ReportMessage } from '../page/report-data.ts';
import { sendSpans, sentAt } from '../sequence/event-steps.ts';
import type { Story, ToldEvent } from '../sequence/read-story.ts';
import type { ToldChange } from './report-databases.ts';
import type { OrdersOfRun } from './report-orders.ts';

type Place = ReportMessage['places'][number];
type Draft = Omit<ReportMessage, 'inbox'>;

/**
 * Every message of every outbox, and where it was: from the rows of the outbox, as far as looks saw
 * them, and from what the record says of it. Pure.
 */
export function messagesOf(
  rows: RunRows | null,
  changes: readonly ToldChange[],
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
  for (const event of story.events) {
    const place = placeOf(event, story, sends);
    if (place === null) continue;
    const message = messageOf(ofEvent(event, orders));
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

function ofRow({ owner, order, row }: ToldChange): Omit<Draft, 'places'> {
  const [messageId, step, topic] = ['message_id', 'step', 'topic'].map((c) => String(row[c]));
  return { messageId: messageId ?? '', owner, step: step ?? '', topic: topic ?? '', order };
}

function inOutbox({ row, atMs, event, owner }: ToldChange, { msOf }: Story): Place {
  const made = Date.parse(String(row['created_at']));
  const at = Number.isNaN(made) ? atMs : msOf(made);
  return { place: 'outbox', atMs: at, event, process: owner, note: `row ${String(row['id'])}` };
}

/** Who sent it is known by the relay's name; when that is not in the record, by nobody. */
function ofEvent({ line, order }: ToldEvent, { named }: OrdersOfRun): Omit<Draft, 'places'> {
  const messageId = String(line['messageId']);
  const relay = /^relay-(\w+)/.exec(line.process)?.[1];
  const owner = DATABASE_OWNERS.find((each) => each === relay) ?? '';
  const topic = typeof line['topic'] === 'string' ? line['topic'] : '';
  const step = typeof line['step'] === 'string' ? line['step'] : '';
  return { messageId, owner, step, topic, order: order ?? named(messageId) };
}

/** No look saw its row: the relay says how long it had waited there. */
function waited({ line }: ToldEvent, place: Place): Place {
  const forMs = typeof line['waitedMs'] === 'number' ? line['waitedMs'] : 0;
  const process = place.process.replace('relay-', '');
  return { ...place, place: 'outbox', atMs: place.atMs - forMs, process, event: null, note: '' };
}

/** Where a message was when this happened; null when it is about none. */
function placeOf(
  { id, line, process, sentence }: ToldEvent,
  { msOf }: Story,
  sends: ReturnType<typeof sendSpans>,
): Place | null {
  if (typeof line['messageId'] !== 'string') return null;
  const place = PLACES[line.event]?.(line['how']);
  if (place === undefined) return null;
  // Its note is written after it was sent: by then it may have been received.
  const at = place === 'kafka' ? sentAt(sends, line) : line.at;
  return { place, atMs: msOf(at), event: id, process, note: sentence.text };
}

const PLACES: Partial<Record<string, (how: unknown) => string>> = {
  'message-sent': () => 'kafka',
  'message-received': () => 'received',
  'message-handled': (how) => (how === 'repeat' || how === 'wait' ? 'ignored' : 'handled'),
  'saga-advanced': () => 'handled',
  'saga-asked-again': () => 'handled',
  'answer-ignored': () => 'ignored',
  'message-retried': () => 'retried',
  'message-fault-hit': () => 'fault',
  'dead-lettered': () => 'dead-letter',
};

/** Message id → the row that its receiver has of it, in its last state. */
function inboxRows(rows: RunRows | null, changes: readonly ToldChange[]): ReadonlyMap<string, Row> {
  const tables = (rows?.databases ?? []).flatMap(({ tables: all }) => all);
  const before = tables.filter(({ name }) => name === 'inbox').flatMap((table) => table.before);
  const seen = changes.filter(({ table }) => table === 'inbox').map(({ row }) => row);
  return new Map([...before, ...seen].map((row) => [String(row['message_id']), row]));
}
