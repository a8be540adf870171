import type { Coordination, StepAnswer } from '@indoubt/contracts';
import type { Handlings } from '../history/handlings-of.ts';
import type { ClientOperation } from '../history/history-of.ts';

/**
 * Everything the checkers compare, read once the lab is quiet: rows of all databases, messages on
 * the topics, handlings of consumers, and requests and responses of clients.
 */
export interface Snapshot extends Handlings {
  orders: {
    id: string;
    customerId: string;
    status: string;
    reason: string | null;
    totalCents: number;
    coordination: Coordination;
  }[];
  orderLines: { orderId: string; sku: string; quantity: number; unitPriceCents: number }[];
  sagas: {
    id: string;
    orderId: string;
    status: string;
    awaiting: string | null;
    attempts: number;
  }[];
  accounts: { customerId: string; openingCents: number; balanceCents: number }[];
  payments: {
    id: string;
    orderId: string;
    customerId: string;
    amountCents: number;
    status: string;
    /** `account`: paid from the balance; `card`: charged by the card processor. */
    method: string;
  }[];
  /** The charges that payment recorded. */
  cardCharges: { orderId: string; key: string; status: string; amountCents: number }[];
  /** The charges in the journal of the card processor, which no service can read. */
  processorCharges: { orderId: string; key: string; status: string; amountCents: number }[];
  /** The order service's idempotency keys. */
  keys: KeyRow[];
  /** How long a key is stored. Milliseconds; null: longer than any run. */
  keysKeptMs: number | null;
  stock: {
    sku: string;
    opening: number;
    available: number;
    held: number;
    /** Has no stock and no reservations. */
    madeToOrder: boolean;
  }[];
  reservations: { id: string; orderId: string; sku: string; quantity: number; status: string }[];
  outbox: OutboxEntry[];
  inbox: { owner: string; sagaId: string; step: string; answer: StepAnswer | null }[];
  preparedTransactions: { owner: string; gid: string }[];
  /** The coordinator's log. A transaction's id is the id of its order. */
  transactions: {
    id: string;
    /** Null: begun, but not decided. */
    decision: Decision | null;
    /** Participants that must receive the decision. */
    participants: string[];
    /** Whether all participants have acknowledged the decision. */
    ended: boolean;
    /** Participants that had ended their branch against the decision. */
    damage: string[];
  }[];
  /** How each branch ended, as its own database says; `aborted` is a tombstone. */
  branches: {
    owner: string;
    transactionId: string;
    outcome: 'committed' | 'aborted';
    onePhase: boolean;
  }[];
  /** Heuristic decisions of operators. `transactionId` is null for an orphan. */
  heuristicDecisions: {
    owner: string;
    gid: string;
    transactionId: string | null;
    decision: Decision;
  }[];
  /** Every message on every topic, in the order of its partition. */
  topics: TopicMessage[];
  /** Orders that were acknowledged to a client (202, or 200 once decided), with the request. */
  acknowledged: {
    orderId: string;
    customerId: string;
    lines: { sku: string; quantity: number }[];
  }[];
  /** Every request of every client, with its answer. */
  history: ClientOperation[];
}

type Decision = 'commit' | 'abort';

export interface OutboxEntry {
  owner: string;
  id: number;
  messageId: string;
  topic: string;
  key: string;
  step: string;
  published: boolean;
}

export interface KeyRow {
  /** Caller and route: `anonymous POST /orders`. */
  scope: string;
  key: string;
  /** HTTP status of the stored response; null when no attempt has finished. */
  status: number | null;
  /** The order that the answer names. */
  orderId: string | null;
  bodyHash: string | null;
  /** Whether an attempt holds the key and no response is stored. */
  inProgress: boolean;
}

export interface TopicMessage {
  topic: string;
  partition: number;
  offset: number;
  key: string;
  messageId: string;
  step: string;
  /** The reason of a dead letter; null for any other message. */
  deadLetterReason: string | null;
}
