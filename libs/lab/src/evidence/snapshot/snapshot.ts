import type { Coordination, StepAnswer } from '@indoubt/contracts';
import type { Handlings } from '../history/handlings-of.ts';
import type { ClientOperation } from '../history/history-of.ts';

/**
 * Everything the checkers look at, read once the lab is quiet: rows of all databases, the topics,
 * what consumers did with the messages, and what clients asked and were told.
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
    /** `account`: out of the balance; `card`: charged by the card processor. */
    method: string;
  }[];
  /** Payment's own book of what it asks of the card processor. */
  cardCharges: { orderId: string; key: string; status: string; amountCents: number }[];
  /** The books of the card processor, which only an auditor sees. */
  processorCharges: { orderId: string; key: string; status: string; amountCents: number }[];
  /** The order service's idempotency keys. */
  keys: KeyRow[];
  /** How long a key is kept. Milliseconds; null: longer than any run. */
  keysKeptMs: number | null;
  stock: {
    sku: string;
    opening: number;
    available: number;
    held: number;
    /** Nothing is kept of it, and nothing reserved. */
    madeToOrder: boolean;
  }[];
  reservations: { id: string; orderId: string; sku: string; quantity: number; status: string }[];
  outbox: OutboxEntry[];
  inbox: { owner: string; sagaId: string; step: string; answer: StepAnswer | null }[];
  preparedTransactions: { owner: string; gid: string }[];
  /** The coordinator's log. A transaction's id is the id of its order. */
  transactions: {
    id: string;
    /** Null: begun, and not decided. */
    decision: Decision | null;
    /** Those that must hear the decision. */
    participants: string[];
    /** All of them have acknowledged it. */
    ended: boolean;
    /** Those that had done the opposite before they heard it. */
    damage: string[];
  }[];
  /** How each branch ended, as its own database says; `aborted` is a tombstone. */
  branches: {
    owner: string;
    transactionId: string;
    outcome: 'committed' | 'aborted';
    onePhase: boolean;
  }[];
  /** What an operator decided; without a transaction, the branch was none of ours. */
  heuristicDecisions: {
    owner: string;
    gid: string;
    transactionId: string | null;
    decision: Decision;
  }[];
  /** Every message on every topic, in the order of its partition. */
  topics: TopicMessage[];
  /** Orders that a client was told of (202, or 200 once decided), with what it had asked for. */
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
  /** Whose, and for what: `anonymous POST /orders`. */
  scope: string;
  key: string;
  /** HTTP status of the stored answer; null: no attempt has come to its end. */
  status: number | null;
  /** The order that the answer names. */
  orderId: string | null;
  bodyHash: string | null;
  /** Nothing is stored, and an attempt has the key to itself. */
  inProgress: boolean;
}

export interface TopicMessage {
  topic: string;
  partition: number;
  offset: number;
  key: string;
  messageId: string;
  step: string;
  /** Of a dead letter: why it is one; null elsewhere. */
  deadLetterReason: string | null;
}
