import type { Message } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { traceparent } from '@indoubt/record';

/** Bytes of a body as JSON: far below the broker's limit, so the broker never refuses a row. */
const BODY_BYTES_MAX = 64 * 1024;

/**
 * Writes messages into the outbox in the caller's transaction: they are sent if and only if the
 * transaction commits. The row contains the active trace context, so that the trace continues
 * after the relay.
 * @see microservices.io/patterns/data/transactional-outbox.html
 */
export function enqueue(tx: Tx, messages: readonly Message[]): void {
  if (messages.length === 0) return;
  const bodies = messages.map((message) => JSON.stringify(message.body));
  for (const body of bodies) {
    if (Buffer.byteLength(body) > BODY_BYTES_MAX) throw new RangeError('message body over 64 KiB');
  }
  tx.write(
    `insert into outbox (message_id, topic, key, type, saga_id, step, body, traceparent)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[],
                          $7::jsonb[], $8::text[])`,
    [
      messages.map((message) => message.id),
      messages.map((message) => message.topic),
      messages.map((message) => message.key),
      messages.map((message) => message.type),
      messages.map((message) => message.sagaId),
      messages.map((message) => message.step),
      bodies,
      messages.map(() => traceparent()),
    ],
  );
}

/** Sends messages of the caller's transaction: `enqueue`, or a broken variant of it. */
export type Enqueue = (tx: Tx, messages: readonly Message[]) => Promise<void> | void;
