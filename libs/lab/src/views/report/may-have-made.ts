import type { EventName } from '@indoubt/record';
import { isFault } from '../../evidence/history/case-file.ts';
import { type EventLine, words } from '../../evidence/record/told-fields.ts';
import type { SeenChange } from '../../evidence/rows/run-rows.ts';
import type { ToldEvent } from '../sequence/read-story.ts';

/** They change no row, whatever else they do. */
const NOTHING = new Set<EventName>([
  'answer-ignored',
  'breaker-closed',
  'breaker-half-opened',
  'breaker-opened',
  'coordinator-superseded',
  'dead-lettered',
  'decision-told-again',
  'heuristic-damage',
  'key-refused',
  'key-replayed',
  'message-retried',
  'orphan-found',
  'process-exited',
  'process-killed',
  'process-paused',
  'process-resumed',
  'process-started',
  'relay-retried',
  'vote-received',
]);

/** Tables that one event alone writes. */
const ONLY = new Map<string, EventName>([
  ['coordinator_epoch', 'epoch-taken'],
  ['outbox_lease', 'lease-taken'],
]);

/** Of several events of one transaction, those that are about this table. */
const ABOUT = new Map<string, readonly EventName[]>([
  ['orders', ['order-placed', 'order-ended']],
  ['order_lines', ['order-placed', 'order-ended']],
  ['idempotency_keys', ['order-placed', 'order-ended', 'key-taken-over', 'keys-reaped']],
  ['sagas', ['saga-advanced', 'saga-asked-again']],
  ['branches', ['branch-ended', 'heuristic-decision']],
]);

/**
 * How likely it is that an event made a change of its database; 0: it cannot have. Pure.
 * @param ofRow  label of the order that the row belongs to; null when it does not say
 */
export function mayHaveMade(event: ToldEvent, change: SeenChange, ofRow: string | null): number {
  const { line, order } = event;
  if (NOTHING.has(line.event) || isFault(line) || wroteNothing(event, change)) return 0;
  if (line.event !== (ONLY.get(change.table) ?? line.event)) return 0;
  // A relay writes marks and leases and no more; whose database it is writes all the rest.
  const isRelays = isMark(change) || change.table === 'outbox_lease';
  if (line.process.startsWith('relay-') !== isRelays) return 0;
  if (ofRow !== null && order !== null && order !== ofRow) return 0;
  const isAbout = ABOUT.get(change.table)?.includes(line.event) ?? false;
  const sameOrder = ofRow !== null && order === ofRow;
  return 1 + (isAbout ? 1 : 0) + (sameOrder ? 2 : 0) + (sameMessage(event, change) ? 4 : 0);
}

/** The relay's, once Kafka has the message. */
export function isMark({ table, columns }: Pick<SeenChange, 'table' | 'columns'>): boolean {
  return table === 'outbox' && columns.includes('published_at');
}

/** A message that was left to be sent. */
export function isSend({ table, kind }: Pick<SeenChange, 'table' | 'kind'>): boolean {
  return table === 'outbox' && kind === 'added';
}

/** Whether this one, though its like may write, has left nothing in that table. */
function wroteNothing({ line }: ToldEvent, change: SeenChange): boolean {
  const sent = SENT.get(line.event);
  if (isSend(change)) return sent === undefined || !sent(line, String(change.row['step']));
  return NOT_WRITTEN.get(line.event)?.(line, change.table) ?? false;
}

/** What an event says of the messages that it sent. */
const SENT = new Map<EventName, (line: EventLine, step: string) => boolean>([
  ['message-handled', (line, step) => line['step'] === step && line['outcome'] !== 'owed'],
  ['saga-advanced', (line, step) => words(line, 'send').includes(step)],
  ['saga-asked-again', (line, step) => words(line, 'send').includes(step)],
  ['charge-answered', () => true],
]);

const NOT_WRITTEN = new Map<EventName, (line: EventLine, table: string) => boolean>([
  [
    'message-handled',
    ({ how, outcome }, table) =>
      how === 'repeat' || (outcome === 'refused' && RESOURCES.has(table)),
  ],
  // By two-phase commit the order comes with its branch, and what is prepared nobody sees.
  [
    'order-placed',
    ({ coordination }, table) => coordination === '2pc' && table !== 'idempotency_keys',
  ],
  ['branch-voted', ({ vote }) => vote !== 'no'],
  ['branch-ended', ({ how }) => how === 'already'],
  ['decision-made', ({ durable }) => durable === false],
]);

/** What a refused command leaves alone. */
const RESOURCES = new Set(['accounts', 'stock']);

function sameMessage({ line }: ToldEvent, change: SeenChange): boolean {
  const [its, ofRow] = isSend(change)
    ? [line.sagaId, change.row['saga_id']]
    : [line['messageId'], change.row['message_id']];
  return typeof its === 'string' && its === ofRow;
}
