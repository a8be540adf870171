import { isFailureCode } from '@indoubt/failure';
import type { EventName, RecordEvent } from '@indoubt/record';

type Labels = Record<string, string>;

/** What is counted of an event of the record, and by which processes. */
export interface EventMetric {
  name: string;
  help: string;
  event: EventName;
  /** Processes of these names, or of a name that begins with one and a dash. */
  by: readonly ('order' | 'payment' | 'inventory' | 'coordinator' | 'relay')[];
  labels(event: RecordEvent): Labels;
  /** Combinations of labels that are told from the start. */
  known?: readonly Labels[];
  /** Makes it a histogram: how long it took; undefined when nobody knows. Milliseconds. */
  tookMs?(event: RecordEvent): unknown;
}

const PARTICIPANTS = ['order', 'payment', 'inventory'] as const;

/** Protocol events are told once, to story, traces and these counts: they cannot disagree. */
export const EVENT_METRICS: readonly EventMetric[] = [
  {
    name: 'orders_placed_total',
    help: 'Orders that were begun, by how they are coordinated',
    event: 'order-placed',
    by: ['order'],
    labels: ({ coordination }) => ({ coordination: text(coordination, 'saga') }),
    known: [{ coordination: 'saga' }, { coordination: '2pc' }],
  },
  {
    name: 'orders_ended_total',
    help: 'Orders that have ended, by status and, where one was rejected, the reason',
    event: 'order-ended',
    by: ['order'],
    labels: ({ status, reason }) => ({ status: text(status), reason: code(reason) }),
    known: [{ status: 'CONFIRMED', reason: 'none' }],
  },
  {
    name: 'saga_commands_repeated_total',
    help: 'Commands sent again because no answer came in time, by the step asked for',
    event: 'saga-asked-again',
    by: ['order'],
    labels: ({ send }) => ({ step: Array.isArray(send) ? text(send[0]) : 'none' }),
  },
  {
    name: 'inbox_commands_total',
    help: 'Commands handled, by step and what the inbox decided: a repeat is a duplicate',
    event: 'message-handled',
    by: ['payment', 'inventory'],
    labels: ({ step, how }) => ({ step: text(step), how: text(how) }),
  },
  {
    name: 'outbox_messages_sent_total',
    help: 'Messages that a relay has published, by topic',
    event: 'message-sent',
    by: ['relay'],
    labels: ({ topic }) => ({ topic: text(topic) }),
  },
  {
    name: 'outbox_wait_seconds',
    help: 'How long messages were in the outbox until their relay took them, by topic',
    event: 'message-sent',
    by: ['relay'],
    labels: ({ topic }) => ({ topic: text(topic) }),
    tookMs: ({ waitedMs }) => waitedMs,
  },
  {
    name: 'dead_letters_total',
    help: 'Messages put aside because they could not be handled, by topic',
    event: 'dead-lettered',
    by: PARTICIPANTS,
    labels: ({ topic }) => ({ topic: text(topic) }),
  },
  {
    name: 'transactions_decided_total',
    help: 'Global transactions that this coordinator has decided, or read as decided',
    event: 'decision-made',
    by: ['coordinator'],
    labels: ({ decision }) => ({ decision: text(decision) }),
    known: [{ decision: 'commit' }, { decision: 'abort' }],
  },
  {
    name: 'prepared_transaction_held_seconds',
    help: 'How long branches held their locks from vote to end, by decision',
    event: 'branch-ended',
    by: PARTICIPANTS,
    labels: ({ decision }) => ({ decision: text(decision) }),
    tookMs: ({ heldMs }) => heldMs,
  },
  {
    name: 'heuristic_damage_total',
    help: 'Branches that somebody had ended otherwise than it was decided',
    event: 'heuristic-damage',
    by: PARTICIPANTS,
    labels: () => ({}),
    known: [{}],
  },
];

/** A label that is null or not there has a value of its own, so that it is not taken for a gap. */
function text(value: unknown, otherwise = 'none'): string {
  return typeof value === 'string' ? value : otherwise;
}

/** A reason comes from another service, in a message: any text must not become a series. */
function code(reason: unknown): string {
  const given = text(reason);
  return given === 'none' || isFailureCode(given) ? given : 'other';
}
