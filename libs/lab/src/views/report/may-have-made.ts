import type { EventLine, EventName } from '@indoubt/record';
import { isFault, messageIdOf, sentBy } from '../../evidence/history/case-file.ts';
import type { SeenChange } from '../../evidence/rows/run-rows.ts';
import type { NarratedEvent } from '../sequence/read-story.ts';

/** Events that never change a row. */
const NOTHING = new Set<EventName>([
  'answer-ignored',
  'breaker-closed',
  'breaker-half-opened',
  'breaker-opened',
  'coordinator-superseded',
  'dead-lettered',
  'decision-resent',
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

/** Tables that only one kind of event writes. */
const ONLY = new Map<string, EventName>([
  ['coordinator_epoch', 'epoch-taken'],
  ['outbox_lease', 'lease-taken'],
]);

/** By table: the events that are about it, when one transaction has several events. */
const ABOUT = new Map<string, readonly EventName[]>([
  ['orders', ['order-placed', 'order-ended']],
  ['order_lines', ['order-placed', 'order-ended']],
  ['idempotency_keys', ['order-placed', 'order-ended', 'key-taken-over', 'keys-reaped']],
  ['sagas', ['saga-advanced', 'saga-command-retried']],
  ['branches', ['branch-ended', 'heuristic-decision']],
]);

/**
 * How likely it is that an event made a change of its database; 0: impossible. Pure.
 * @param ofRow  label of the order of the row; null when the row does not name one
 */
export function mayHaveMade(
  event: NarratedEvent,
  change: SeenChange,
  ofRow: string | null,
): number {
  const { line, order } = event;
  if (NOTHING.has(line.event) || isFault(line) || wroteNothing(event, change)) return 0;
  if (line.event !== (ONLY.get(change.table) ?? line.event)) return 0;
  // A relay only writes marks and leases; the service of the database writes all other rows.
  const isRelays = isMark(change) || change.table === 'outbox_lease';
  if (line.process.startsWith('relay-') !== isRelays) return 0;
  if (ofRow !== null && order !== null && order !== ofRow) return 0;
  const isAbout = ABOUT.get(change.table)?.includes(line.event) ?? false;
  const sameOrder = ofRow !== null && order === ofRow;
  return 1 + (isAbout ? 1 : 0) + (sameOrder ? 2 : 0) + (sameMessage(event, change) ? 4 : 0);
}

/** Whether the change is the mark of a relay after Kafka acknowledged the message. */
export function isMark({ table, columns }: Pick<SeenChange, 'table' | 'columns'>): boolean {
  return table === 'outbox' && columns.includes('published_at');
}

/** Whether the change is a new outbox row. */
export function isSend({ table, kind }: Pick<SeenChange, 'table' | 'kind'>): boolean {
  return table === 'outbox' && kind === 'added';
}

/** Whether this event, although its kind may write, wrote nothing in the table. */
function wroteNothing({ line }: NarratedEvent, change: SeenChange): boolean {
  if (isSend(change)) return !sent(line, String(change.row['step']));
  return leftAlone(line, change.table);
}

/** Whether an event wrote the command of a step, or its answer, into an outbox. */
function sent(line: EventLine, step: string): boolean {
  if (line.event === 'message-handled') return line.step === step && line.outcome !== 'owed';
  return line.event === 'charge-answered' || sentBy(line).includes(step);
}

/** Whether the fields of an event show that it wrote nothing in this table. */
function leftAlone<N extends EventName>(line: EventLine<N>, table: string): boolean {
  return NOT_WRITTEN[line.event]?.(line, table) ?? false;
}

const NOT_WRITTEN: { [N in EventName]?: (line: EventLine<N>, table: string) => boolean } = {
  'message-handled': ({ how, outcome }, table) =>
    how === 'repeat' || (outcome === 'refused' && RESOURCES.has(table)),
  // In two-phase commit the order becomes visible with the commit of its branch; a prepared branch
  // is invisible.
  'order-placed': ({ coordination }, table) =>
    coordination === '2pc' && table !== 'idempotency_keys',
  'branch-voted': ({ vote }) => vote !== 'no',
  'branch-ended': ({ how }) => how === 'already',
  'decision-made': ({ durable }) => !durable,
};

/** Tables that a refused command does not change. */
const RESOURCES = new Set(['accounts', 'stock']);

function sameMessage({ line }: NarratedEvent, change: SeenChange): boolean {
  const [its, ofRow] = isSend(change)
    ? [line.sagaId, change.row['saga_id']]
    : [messageIdOf(line), change.row['message_id']];
  return typeof its === 'string' && its === ofRow;
}
