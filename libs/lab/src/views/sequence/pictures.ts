import type { EventLine, EventName } from '@indoubt/record';
import { isDeath } from '../../evidence/history/case-file.ts';
import type { StepKind } from '../page/sequence-model.ts';
import { databaseOf } from './lifelines.ts';

/** How an event is drawn. */
export interface Picture {
  kind: StepKind;
  from: string;
  to: string;
  /** Its kind when it happens again, or repeats something that happened before. */
  again?: StepKind;
}

/** The lifelines where the arrow begins and ends. */
type Between<N extends EventName = EventName> = (line: EventLine<N>) => [from: string, to: string];

const here: Between = ({ process }) => [process, process];
const toDatabase: Between = ({ process }) => [process, databaseOf(process)];
const toKafka: Between = ({ process }) => [process, 'kafka'];
const fromKafka: Between = ({ process }) => ['kafka', process];
const requesting: Between<'client-request'> = (line) => ['client', receiverOf(line)];
const answering: Between<'client-response'> = (line) => [receiverOf(line), 'client'];
const byHand: Between<'heuristic-decision'> = ({ owner }) => ['operator', databaseOf(owner)];

interface Drawn<N extends EventName = EventName> extends Pick<Picture, 'kind' | 'again'> {
  between: Between<N>;
}

type Decided<N extends EventName = EventName> = (
  line: EventLine<N>,
  isAgain: boolean,
) => Drawn<N> | null;

type Drawing<N extends EventName> = Drawn<N> | Decided<N> | string;

/**
 * For every event name: how the event is drawn, or why it is not. A function decides by the fields
 * of the event; null means that the event belongs to the start of the lab, which is not drawn.
 * @see event-fields.ts of libs/platform/record for the names
 */
export const PICTURES: { [N in EventName]: Drawing<N> } = {
  'client-request': { kind: 'request', between: requesting, again: 'retry' },
  'client-response': (line) => ({
    kind: line.status === null ? 'lost' : 'answer',
    between: answering,
    again: 'duplicate',
  }),
  // In two-phase commit the order is not in the database yet.
  'order-placed': (line) =>
    line.coordination === '2pc'
      ? { kind: 'note', between: here }
      : { kind: 'commit', between: toDatabase },
  'order-ended': { kind: 'note', between: here },
  'saga-advanced': { kind: 'commit', between: toDatabase },
  'saga-command-retried': { kind: 'retry', between: toDatabase },
  'answer-ignored': { kind: 'duplicate', between: here },
  'message-sent': { kind: 'message', between: toKafka, again: 'retry' },
  'message-received': { kind: 'message', between: fromKafka, again: 'duplicate' },
  'message-handled': { kind: 'commit', between: toDatabase, again: 'duplicate' },
  'message-retried': { kind: 'retry', between: here },
  'dead-lettered': { kind: 'lost', between: toKafka },
  'lease-taken': 'the active relay stays the same unless it dies',
  'relay-retried': { kind: 'retry', between: toKafka },
  'failpoint-hit': (line) => ({ kind: isDeath(line) ? 'crash' : 'note', between: here }),
  'fault-hit': { kind: 'note', between: here },
  'message-fault-hit': (line) => ({ kind: faultKind(line), between: fromKafka }),
  'process-started': (_line, isAgain) => (isAgain ? { kind: 'restart', between: here } : null),
  'process-exited': (line) =>
    line.code === 0 || line.signal === 'SIGTERM' ? null : { kind: 'crash', between: here },
  'process-killed': { kind: 'crash', between: here },
  'process-paused': { kind: 'pause', between: here },
  'process-resumed': { kind: 'resume', between: here },
  'service-ready': (_line, isAgain) => (isAgain ? { kind: 'restart', between: here } : null),
  'breaker-opened': { kind: 'note', between: here },
  'breaker-half-opened': { kind: 'note', between: here },
  'breaker-closed': { kind: 'note', between: here },
  'transaction-begun': { kind: 'note', between: here },
  'vote-received': { kind: 'note', between: here },
  'decision-made': (line) => ({
    kind: 'decision',
    between: line.durable ? toDatabase : here,
  }),
  'decision-resent': { kind: 'retry', between: here },
  // An abort may have no entry in the log, and then its end has none.
  'transaction-ended': (line) =>
    line.decision === 'commit'
      ? { kind: 'commit', between: toDatabase }
      : { kind: 'note', between: here },
  'branch-voted': (line) =>
    line.vote === 'yes'
      ? { kind: 'prepared', between: toDatabase, again: 'duplicate' }
      : { kind: 'note', between: here },
  'branch-ended': branchEnded,
  'outcome-requested': { kind: 'in-doubt', between: here },
  'orphan-found': { kind: 'in-doubt', between: toDatabase },
  'heuristic-decision': { kind: 'decision', between: byHand },
  'heuristic-damage': { kind: 'refusal', between: here },
  'epoch-taken': (_line, isAgain) => (isAgain ? { kind: 'restart', between: toDatabase } : null),
  'coordinator-superseded': { kind: 'refusal', between: here },
  'key-replayed': { kind: 'duplicate', between: here },
  'key-refused': { kind: 'refusal', between: here },
  'key-taken-over': { kind: 'retry', between: toDatabase },
  'keys-reaped': 'a timer deletes old keys: the event is about no order',
  'charge-requested': { kind: 'note', between: here },
  'charge-answered': { kind: 'commit', between: toDatabase },
  // The next attempt is drawn as a request.
  'charge-unanswered': { kind: 'note', between: here },
  'hold-made': { kind: 'note', between: here },
  'hold-voided': { kind: 'compensation', between: here },
  reconciled: { kind: 'note', between: here },
};

/** @returns null for what is not drawn */
export function pictureOf<N extends EventName>(
  line: EventLine<N>,
  isAgain: boolean,
): Picture | null {
  const drawing: Drawing<N> = PICTURES[line.event];
  if (typeof drawing === 'string') return null;
  const drawn = typeof drawing === 'function' ? drawing(line, isAgain) : drawing;
  if (drawn === null) return null;
  const { between, ...picture } = drawn;
  const [from, to] = between(line);
  return { ...picture, from, to };
}

/** A tombstone is a new row, not a rollback. */
function branchEnded({ how, decision }: EventLine<'branch-ended'>): Drawn {
  if (how === 'already') return { kind: 'duplicate', between: here };
  if (how === 'tombstone') return { kind: 'note', between: toDatabase };
  return { kind: decision === 'abort' ? 'rollback' : 'commit', between: toDatabase };
}

function faultKind({ action }: EventLine<'message-fault-hit'>): StepKind {
  if (action === 'drop') return 'lost';
  return action === 'duplicate' ? 'duplicate' : 'note';
}

const OWNERS: Record<string, string> = { stock: 'inventory', accounts: 'payment' };

/** The service that a client's request goes to. */
function receiverOf({ path }: { path: string }): string {
  return OWNERS[path.split('/')[1] ?? ''] ?? 'order';
}
