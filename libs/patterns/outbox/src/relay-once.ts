import { failpoint } from '@indoubt/chaos';
import type { OutgoingMessage } from '@indoubt/contracts';
import { contextOf, epochMs, inSharedSpan, pastSpan, record, traceparent } from '@indoubt/record';
import { context, SpanKind } from '@opentelemetry/api';
import type { Lease } from './lease.ts';
import type { Outbox, OutboxRow } from './outbox-store.ts';

/**
 * Rows in one pass. One send and one UPDATE serve all of them. Larger batches were not measurably
 * faster.
 */
export const BATCH_ROWS_MAX = 500;

export interface RelayPass {
  outbox: Outbox;
  lease: Lease;
  /** Resolves when the broker has all messages; rejects when the broker may lack some of them. */
  publish(messages: OutgoingMessage[]): Promise<void>;
}

/**
 * One bounded pass of the relay: claims rows, publishes them, and marks exactly these rows.
 * Delivers at least once: after a crash behind `publish` the batch is sent again. Messages of one
 * key are sent in order as long as one relay is active. A relay that was paused beyond its lease
 * may repeat messages, which every inbox recognises.
 * @returns rows published; 0 without unpublished rows, or when another relay holds the lease
 * @throws the error of `publish` (indefinite); the rows stay unmarked and are sent again
 */
export async function relayOnce({ outbox, lease, publish }: RelayPass): Promise<number> {
  if (!(await lease.acquire())) return 0;
  await failpoint('leased-not-claimed');
  const rows = await outbox.claim(BATCH_ROWS_MAX);
  if (rows.length === 0) return 0;
  await failpoint('claimed-not-published', ordersOf(rows));
  // The claim may have taken long (a slow database, a paused process), so check the lease again.
  if (!lease.fresh()) return 0;
  const takenAt = epochMs();
  const spans = rows.map((row) => waited(row, takenAt));
  await publish(
    rows.map(({ message }, index) => ({ ...message, traceparent: spans[index] ?? null })),
  );
  rows.forEach((row) => sent(row, takenAt));
  // If the relay dies in this span, the span has no end. The trace shows the crash that way.
  await inSharedSpan('mark published', MARKING, spans, async () => {
    await failpoint('published-not-marked', ordersOf(rows));
    await outbox.markPublished(rows.map((row) => row.id));
  });
  await failpoint('marked-not-continued', ordersOf(rows));
  return rows.length;
}

/** The span of one SQL statement. Only the caller knows which database gets the statement. */
const MARKING = {
  kind: SpanKind.CLIENT,
  attributes: {
    'db.system.name': 'postgresql',
    'db.operation.name': 'UPDATE',
    'db.collection.name': 'outbox',
    'db.query.summary': 'UPDATE outbox',
  },
};

/** Records the time that the row waited as a span, so that the trace has no gap for the outbox. */
function waited({ id, message, createdAt }: OutboxRow, takenAt: number): string | null {
  const attributes = {
    'messaging.destination.name': message.topic,
    'messaging.message.id': message.id,
    'outbox.row': id,
    'order.id': message.key,
    'saga.id': message.sagaId,
  };
  const parent = contextOf(message.traceparent);
  const name = `outbox wait ${message.step}`;
  const within = pastSpan(name, { attributes, parent }, createdAt.getTime(), takenAt);
  return traceparent(within) ?? message.traceparent;
}

/** `waitedMs` ends when the relay claims the row; `tookMs` is the time of the broker after that. */
function sent({ id, message, createdAt }: OutboxRow, takenAt: number): void {
  const { topic, type, step, key, sagaId } = message;
  const times = { waitedMs: takenAt - createdAt.getTime(), tookMs: epochMs() - takenAt };
  const fields = { topic, type, step, messageId: message.id, outboxId: id, ...times };
  context.with(contextOf(message.traceparent), () =>
    record({ event: 'message-sent', orderId: key, sagaId, ...fields }),
  );
}

/** The orders of the messages. Only a fault that is limited to one order reads them. */
function* ordersOf(rows: readonly OutboxRow[]): Generator<string> {
  for (const { message } of rows) yield message.key;
}
