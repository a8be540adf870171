import type { OutboxEntry, Snapshot, TopicMessage } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';
import { count } from '../text/count.ts';

/**
 * INV-7: every published outbox row is on its topic, and every message on a topic has an outbox
 * row. A command that was retried has several rows with one message id, and must be on the topic at
 * least as often.
 */
export function messagesComplete({ outbox, topics }: Snapshot): Violation[] {
  const delivered = topics.filter(({ deadLetterReason }) => deadLetterReason === null);
  const deliveries = Map.groupBy(delivered, identity);
  const published = Map.groupBy(
    outbox.filter((row) => row.published),
    identity,
  );
  const sent = new Set(outbox.map(identity));
  const lost = [...published].flatMap(([message, rows]) => {
    const found = deliveries.get(message)?.length ?? 0;
    const [row] = rows;
    if (row === undefined || found >= rows.length) return [];
    const wrote = `${row.owner} published ${row.messageId} ${count(rows.length, 'time')}`;
    const says = `lost: ${wrote}, ${row.topic} has it ${count(found, 'time')}`;
    return [violation('message-lost', { orderId: row.key, messageId: row.messageId }, says)];
  });
  const ghosts = delivered
    .filter((message) => !sent.has(identity(message)))
    .map(({ topic, partition, offset, messageId, key }) => {
      const says = `from nowhere: ${messageId} at ${topic}/${partition}@${offset} is in no outbox`;
      return violation('message-from-nowhere', { orderId: key, messageId }, says);
    });
  return [...lost, ...ghosts];
}

/** The fields that a relay must not change. */
function identity({ topic, key, messageId, step }: OutboxEntry | TopicMessage): string {
  return [topic, key, messageId, step].join(' ');
}
