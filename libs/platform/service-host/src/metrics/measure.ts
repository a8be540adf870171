import { addMetrics, type Metric } from '@indoubt/http';
import { addLook } from './add-look.ts';
import { gauge } from './gauge.ts';

/** What a service can say of its own patterns when somebody looks. */
export interface Measured {
  /** What waits in its outbox. */
  outbox?: () => Promise<{ messages: number; oldestMs: number }>;
  /** Its sagas that have not ended, by what they wait for. */
  sagas?: () => Promise<{ awaiting: string; count: number; oldestMs: number }[]>;
  /** The prepared transactions of its database; undefined where it takes part in none. */
  prepared?: (() => Promise<{ own: Aged[]; others: Aged[] }>) | undefined;
  /** How far its consumer is behind. */
  lag?: () => Promise<{ topic: string; partition: number; messages: number }[]>;
  /** How requests with an idempotency key were met. */
  claims?: Record<string, number>;
  /** The global transactions that it works on. */
  transactions?: () => readonly unknown[];
}

interface Aged {
  ageMs: number;
}

/** Adds these to the metrics of the process. */
export function measure(measured: Measured): void {
  const { outbox, sagas, prepared, lag, claims, transactions } = measured;
  if (outbox !== undefined) addLook('outbox', async () => outboxMetrics(await outbox()));
  if (sagas !== undefined) addLook('sagas', async () => sagaMetrics(await sagas()));
  if (prepared !== undefined) {
    addLook('prepared', async () => preparedMetrics(await prepared()));
  }
  if (lag !== undefined) addLook('lag', async () => [lagMetric(await lag())]);
  if (claims !== undefined) addMetrics(() => [claimMetric(claims)]);
  if (transactions !== undefined) addMetrics(() => [openMetric(transactions().length)]);
}

function outboxMetrics({ messages, oldestMs }: { messages: number; oldestMs: number }): Metric[] {
  return [
    gauge('outbox_pending_messages', 'Messages that no relay has published yet, up to 10,000', [
      [{}, messages],
    ]),
    gauge('outbox_oldest_pending_seconds', 'Age of the oldest of them; 0 when there is none', [
      [{}, oldestMs / 1_000],
    ]),
  ];
}

function sagaMetrics(sagas: { awaiting: string; count: number; oldestMs: number }[]): Metric[] {
  return [
    gauge(
      'sagas_open',
      'Sagas that have not ended, by the step or undo they wait for, up to 10,000',
      sagas.map(({ awaiting, count }) => [{ awaiting }, count]),
    ),
    gauge(
      'saga_oldest_open_seconds',
      'Time since the start of the oldest saga that waits for this step or undo; 0 when none does',
      sagas.map(({ awaiting, oldestMs }) => [{ awaiting }, oldestMs / 1_000]),
    ),
  ];
}

function preparedMetrics({ own, others }: { own: Aged[]; others: Aged[] }): Metric[] {
  const each = [
    { labels: { whose: 'own' }, found: own },
    { labels: { whose: 'unknown' }, found: others },
  ];
  const oldest = (found: Aged[]) => Math.max(0, ...found.map(({ ageMs }) => ageMs));
  return [
    gauge(
      'prepared_transactions',
      'Prepared transactions in the database: branches of this service, or nobody knows whose',
      each.map(({ labels, found }) => [labels, found.length]),
    ),
    gauge(
      'prepared_transaction_oldest_seconds',
      'Age of the oldest of them, for which it has held its locks; 0 when there is none',
      each.map(({ labels, found }) => [labels, oldest(found) / 1_000]),
    ),
  ];
}

function lagMetric(lag: { topic: string; partition: number; messages: number }[]): Metric {
  return gauge(
    'kafka_consumer_lag_messages',
    'Messages on the topic that this service has not acknowledged',
    lag.map(({ topic, partition, messages }) => [
      { topic, partition: String(partition) },
      messages,
    ]),
  );
}

function claimMetric(claims: Record<string, number>): Metric {
  const samples = Object.entries(claims).map(([outcome, value]) => ({
    labels: { outcome },
    value,
  }));
  const help = 'Requests with an idempotency key, by how the key was met';
  return { name: 'idempotency_requests_total', help, kind: 'counter', samples };
}

function openMetric(open: number): Metric {
  return gauge('transactions_open', 'Global transactions that this coordinator works on', [
    [{}, open],
  ]);
}
