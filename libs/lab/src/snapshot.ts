import type { StepAnswer } from '@indoubt/contracts';

/**
 * Everything the checkers look at, read once the lab is quiet: rows of all databases, and the
 * topics.
 */
export interface Snapshot {
  orders: {
    id: string;
    customerId: string;
    status: string;
    reason: string | null;
    totalCents: number;
  }[];
  orderLines: { orderId: string; sku: string; quantity: number; unitPriceCents: number }[];
  sagas: { id: string; orderId: string; status: string; awaiting: string | null; asked: number }[];
  accounts: { customerId: string; openingCents: number; balanceCents: number }[];
  payments: {
    id: string;
    orderId: string;
    customerId: string;
    amountCents: number;
    status: string;
  }[];
  stock: { sku: string; opening: number; available: number; held: number }[];
  reservations: { id: string; orderId: string; sku: string; quantity: number; status: string }[];
  outbox: OutboxEntry[];
  inbox: { owner: string; sagaId: string; step: string; answer: StepAnswer | null }[];
  preparedTransactions: { owner: string; gid: string }[];
  /** Every message on every topic, in the order of its partition. */
  topics: TopicMessage[];
  /** Orders that a client was told were accepted (202), with what it had asked for. */
  acknowledged: {
    orderId: string;
    customerId: string;
    lines: { sku: string; quantity: number }[];
  }[];
}

export interface OutboxEntry {
  owner: string;
  id: number;
  messageId: string;
  topic: string;
  key: string;
  step: string;
  published: boolean;
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
