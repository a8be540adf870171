import { Counter, Gauge } from '@indoubt/http';
import { addCollector } from './add-collector.ts';

/** The sources of the metrics of a service's patterns. */
export interface Measured {
  /** The messages in its outbox. */
  outbox?: () => Promise<OutboxDepth>;
  /** Its sagas that have not ended, by the step or undo that each waits for. */
  sagas?: () => Promise<OpenSagas[]>;
  /** The prepared transactions of its database; undefined where two-phase commit is off. */
  prepared?: (() => Promise<PreparedTransactions>) | undefined;
  /** How far its consumer is behind. */
  lag?: () => Promise<PartitionLag[]>;
  /** Requests with an idempotency key, counted by outcome. */
  claims?: Record<string, number>;
  /** The global transactions that the coordinator works on. */
  transactions?: () => readonly unknown[];
}

interface OutboxDepth {
  messages: number;
  oldestMs: number;
}

interface OpenSagas {
  awaiting: string;
  count: number;
  oldestMs: number;
}

interface PreparedTransactions {
  own: Aged[];
  others: Aged[];
}

interface Aged {
  ageMs: number;
}

interface PartitionLag {
  topic: string;
  partition: number;
  messages: number;
}

/** Adds the metrics of these sources to those of the process. */
export function measure(measured: Measured): void {
  const { outbox, sagas, prepared, lag, claims, transactions } = measured;
  if (outbox !== undefined) measureOutbox(outbox);
  if (sagas !== undefined) measureSagas(sagas);
  if (prepared !== undefined) measurePrepared(prepared);
  if (lag !== undefined) measureLag(lag);
  if (claims !== undefined) measureClaims(claims);
  if (transactions !== undefined) measureTransactions(transactions);
}

function measureOutbox(outbox: () => Promise<OutboxDepth>): void {
  addCollector('outbox', outbox, [
    {
      name: 'outbox_pending_messages',
      help: 'Messages that no relay has published yet, up to 10,000',
      values: ({ messages }) => [[{}, messages]],
    },
    {
      name: 'outbox_oldest_pending_seconds',
      help: 'Age of the oldest message that is not published yet; 0 without such a message',
      values: ({ oldestMs }) => [[{}, oldestMs / 1_000]],
    },
  ]);
}

function measureSagas(sagas: () => Promise<OpenSagas[]>): void {
  addCollector('sagas', sagas, [
    {
      name: 'sagas_open',
      help: 'Sagas that have not ended, by the step or undo they wait for, up to 10,000',
      labelNames: ['awaiting'],
      values: (all) => all.map(({ awaiting, count }) => [{ awaiting }, count]),
    },
    {
      name: 'saga_oldest_open_seconds',
      help: 'Time since the start of the oldest saga that waits for this step; 0 without a saga',
      labelNames: ['awaiting'],
      values: (all) => all.map(({ awaiting, oldestMs }) => [{ awaiting }, oldestMs / 1_000]),
    },
  ]);
}

function measurePrepared(prepared: () => Promise<PreparedTransactions>): void {
  const oldestMs = (found: Aged[]) => Math.max(0, ...found.map(({ ageMs }) => ageMs));
  addCollector('prepared', prepared, [
    {
      name: 'prepared_transactions',
      help: 'Prepared transactions in the database, by kind: branch of this service, or orphan',
      labelNames: ['kind'],
      values: ({ own, others }) => [
        [{ kind: 'branch' }, own.length],
        [{ kind: 'orphan' }, others.length],
      ],
    },
    {
      name: 'prepared_transaction_oldest_seconds',
      help: 'Age of the oldest prepared transaction of a kind; 0 without such a transaction',
      labelNames: ['kind'],
      values: ({ own, others }) => [
        [{ kind: 'branch' }, oldestMs(own) / 1_000],
        [{ kind: 'orphan' }, oldestMs(others) / 1_000],
      ],
    },
  ]);
}

function measureLag(lag: () => Promise<PartitionLag[]>): void {
  addCollector('lag', lag, [
    {
      name: 'kafka_consumer_lag_messages',
      help: 'Messages on the topic that this service has not acknowledged',
      labelNames: ['topic', 'partition'],
      values: (partitions) =>
        partitions.map(({ topic, partition, messages }) => [
          { topic, partition: String(partition) },
          messages,
        ]),
    },
  ]);
}

function measureClaims(claims: Record<string, number>) {
  return new Counter({
    name: 'idempotency_requests_total',
    help: 'Requests with an idempotency key, by outcome',
    labelNames: ['outcome'],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(claims)) this.inc({ outcome }, count);
    },
  });
}

function measureTransactions(transactions: () => readonly unknown[]) {
  return new Gauge({
    name: 'transactions_open',
    help: 'Global transactions that this coordinator works on',
    collect() {
      this.set(transactions().length);
    },
  });
}
