import { failpoint } from '@indoubt/chaos';
import type { OutgoingMessage } from '@indoubt/contracts';
import { contextOf, epochMs, inSharedSpan, pastSpan, record, traceparent } from '@indoubt/record';
import { context, SpanKind } from '@opentelemetry/api';
import type { Lease } from './lease.ts';
import type { Outbox, OutboxRow } from './outbox-store.ts';

/**
 * Rows in one pass: one send and one UPDATE for all of them. Larger batches gained nothing
 * measurable.
 */
export const BATCH_ROWS_MAX = 500;

export interface RelayPass {
  outbox: Outbox;
  lease: Lease;
  /** Sends messages and settles when the broker has them all; rejects when it may not have some. */
  publish(messages: OutgoingMessage[]): Promise<void>;
}

/**
 * One bounded pass of the relay: claim, publish, mark exactly what was published.
 * At least once: a crash after `publish` sends the batch again. In order for each key, as long as
 * one relay is active; one that was paused past its lease may repeat messages, which every inbox
 * absorbs.
 * @returns rows published; 0 when nothing is due or another relay holds the lease
 * @throws what `publish` throws (indefinite); the rows stay unmarked and go out again
 */
export async function relayOnce({ outbox, lease, publish }: RelayPass): Promise<number> {
  if (!(await lease.acquire())) return 0;
  await failpoint('leased-not-claimed');
  const rows = await outbox.claim(BATCH_ROWS_MAX);
  if (rows.length === 0) return 0;
  await failpoint('claimed-not-published', ordersOf(rows));
  // The claim may have taken long (a slow database, a paused process): check the clock once more.
  if (!lease.fresh()) return 0;
  const takenAt = epochMs();
  const spans = rows.map((row) => waited(row, takenAt));
  await publish(
    rows.map(({ message }, index) => ({ ...message, traceparent: spans[index] ?? null })),
  );
  rows.forEach((row) => sent(row, takenAt));
  // A relay that dies in here leaves this span without an end: that is how the trace shows it.
  await inSharedSpan('mark published', MARKING, spans, async () => {
    await failpoint('published-not-marked', ordersOf(rows));
    await outbox.markPublished(rows.map((row) => row.id));
  });
  await failpoint('marked-not-continued', ordersOf(rows));
  return rows.length;
}

/** One statement, whose caller alone knows which database it goes to. */
const MARKING = {
  kind: SpanKind.CLIENT,
  attributes: {
    'db.system.name': 'postgresql',
    'db.operation.name': 'UPDATE',
    'db.collection.name': 'outbox',
    'db.query.summary': 'UPDATE outbox',
  },
};

/** The time the row waited is a span of its own, so the trace shows the outbox instead of a gap. */
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

/** It waited until it was taken, as its span says; from then on the broker took its time. */
function sent({ id, message, createdAt }: OutboxRow, takenAt: number): void {
  const { topic, type, step, key, sagaId } = message;
  const times = { waitedMs: takenAt - createdAt.getTime(), tookMs: epochMs() - takenAt };
  const fields = { topic, type, step, messageId: message.id, outboxId: id, ...times };
  context.with(contextOf(message.traceparent), () =>
    record({ event: 'message-sent', orderId: key, sagaId, ...fields }),
  );
}

/** Whose messages they are; read only by a fault that is about one order. */
function* ordersOf(rows: readonly OutboxRow[]): Generator<string> {
  for (const { message } of rows) yield message.key;
}
