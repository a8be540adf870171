import { isFailureCode } from '@indoubt/failure';
import type { EventName, RecordEvent } from '@indoubt/record';

type Labels = Record<string, string>;

/** A metric that counts an event of the record, and the processes that have the metric. */
export interface EventMetric<N extends EventName = EventName> {
  name: string;
  help: string;
  event: N;
  /** Processes of these names, or of a name that begins with one and a dash. */
  by: readonly ('order' | 'payment' | 'inventory' | 'coordinator' | 'relay')[];
  labelNames: string[];
  labels(event: RecordEvent<N>): Labels;
  /** Combinations of labels that begin at 0: a rate needs a value to begin from. */
  known?: readonly Labels[];
  /** Makes the metric a histogram of this duration in milliseconds; null when unknown. */
  tookMs?(event: RecordEvent<N>): number | null;
}

const PARTICIPANTS = ['order', 'payment', 'inventory'] as const;

/** Narration and metrics use the same events, so they cannot disagree. */
export const EVENT_METRICS: readonly { [N in EventName]: EventMetric<N> }[EventName][] = [
  {
    name: 'orders_placed_total',
    help: 'Orders that were placed, by coordination',
    event: 'order-placed',
    by: ['order'],
    labelNames: ['coordination'],
    labels: ({ coordination }) => ({ coordination }),
    known: [{ coordination: 'saga' }, { coordination: '2pc' }],
  },
  {
    name: 'orders_ended_total',
    help: 'Orders that have ended, by status and reason of the rejection',
    event: 'order-ended',
    by: ['order'],
    labelNames: ['status', 'reason'],
    labels: ({ status, reason }) => ({ status, reason: code(reason) }),
    known: [{ status: 'CONFIRMED', reason: 'none' }],
  },
  {
    name: 'saga_commands_repeated_total',
    help: 'Commands sent again because no answer came in time, by step',
    event: 'saga-command-retried',
    by: ['order'],
    labelNames: ['step'],
    labels: ({ send }) => ({ step: send[0] ?? 'none' }),
  },
  {
    name: 'inbox_commands_total',
    help: 'Commands handled, by step and decision of the inbox: a repeat is a duplicate',
    event: 'message-handled',
    by: ['payment', 'inventory'],
    labelNames: ['step', 'decision'],
    labels: ({ step, how }) => ({ step, decision: how }),
  },
  {
    name: 'outbox_messages_sent_total',
    help: 'Messages that a relay has published, by topic',
    event: 'message-sent',
    by: ['relay'],
    labelNames: ['topic'],
    labels: ({ topic }) => ({ topic }),
  },
  {
    name: 'outbox_wait_seconds',
    help: 'Time that messages were in the outbox until their relay took them, by topic',
    event: 'message-sent',
    by: ['relay'],
    labelNames: ['topic'],
    labels: ({ topic }) => ({ topic }),
    tookMs: ({ waitedMs }) => waitedMs,
  },
  {
    name: 'dead_letters_total',
    help: 'Messages sent to a dead-letter topic because they could not be handled, by topic',
    event: 'dead-lettered',
    by: PARTICIPANTS,
    labelNames: ['topic'],
    labels: ({ topic }) => ({ topic }),
  },
  {
    name: 'transactions_decided_total',
    help: 'Global transactions that this coordinator decided, or read as decided in its log',
    event: 'decision-made',
    by: ['coordinator'],
    labelNames: ['decision'],
    labels: ({ decision }) => ({ decision }),
    known: [{ decision: 'commit' }, { decision: 'abort' }],
  },
  {
    name: 'prepared_transaction_held_seconds',
    help: 'Time that branches held their locks from vote to end, by decision',
    event: 'branch-ended',
    by: PARTICIPANTS,
    labelNames: ['decision'],
    labels: ({ decision }) => ({ decision }),
    tookMs: ({ heldMs }) => heldMs,
  },
  {
    name: 'heuristic_damage_total',
    help: 'Branches that an operator had ended against the decision',
    event: 'heuristic-damage',
    by: PARTICIPANTS,
    labelNames: [],
    labels: () => ({}),
    known: [{}],
  },
];

/** A reason comes from another service, in a message: not every text may become a series. */
function code(reason: string | null): string {
  if (reason === null) return 'none';
  return isFailureCode(reason) ? reason : 'other';
}
