import type { OutgoingMessage } from '@indoubt/contracts';
import { record, traceparent } from '@indoubt/record';
import { type Enqueue, enqueue } from '../enqueue.ts';

/**
 * Broken on purpose: the message goes to the broker at once, in the middle of the transaction that
 * it belongs to. A crash or a rollback before the commit leaves a command for an order that does
 * not exist. (If the message were sent after the commit, a crash would lose the message instead.)
 * The rows that this variant writes are only for the checkers: no relay reads them.
 * @param publish  sends to the broker; throws Failure 'broker-unavailable' (indefinite)
 * @see microservices.io/patterns/data/transactional-outbox.html
 */
export function publishAtOnce(publish: (messages: OutgoingMessage[]) => Promise<void>): Enqueue {
  return async (tx, messages) => {
    if (messages.length === 0) return;
    const trace = traceparent();
    await publish(messages.map((message) => ({ ...message, traceparent: trace })));
    for (const { id, key, sagaId, topic, type, step } of messages) {
      const fields = { topic, type, step, messageId: id, waitedMs: 0 };
      record({ event: 'message-sent', orderId: key, sagaId, ...fields });
    }
    enqueue(tx, messages);
    tx.write(
      `update outbox set published_at = clock_timestamp()
        where message_id = any ($1) and published_at is null`,
      [messages.map(({ id }) => id)],
    );
  };
}
