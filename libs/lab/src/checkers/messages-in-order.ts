import type { OutboxEntry, Snapshot, TopicMessage } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';

/**
 * INV-8: on each topic the messages of one order are in one partition, and first appear in the
 * order in which their owner wrote them. Duplicates may come at any time: the inbox recognises
 * them.
 */
export function messagesInOrder({ outbox, topics }: Snapshot): Violation[] {
  const delivered = topics.filter(({ deadLetterReason }) => deadLetterReason === null);
  const byOrder = Map.groupBy(delivered, placeOf);
  const outboxes = Map.groupBy(outbox, (row) => `${placeOf(row)} ${row.owner}`);
  const astray = [...byOrder.values()].flatMap(inOnePartition);
  const swapped = [...outboxes.values()].flatMap((rows) =>
    asWritten(rows, byOrder.get(rows[0] === undefined ? '' : placeOf(rows[0])) ?? []),
  );
  return [...astray, ...swapped];
}

function placeOf({ topic, key }: OutboxEntry | TopicMessage): string {
  return `${topic} ${key}`;
}

function inOnePartition(messages: TopicMessage[]): Violation[] {
  const [first] = messages;
  const astray = messages.find(({ partition }) => partition !== first?.partition);
  if (first === undefined || astray === undefined) return [];
  const partitions = `${first.partition} and ${astray.partition}`;
  const says = `${first.topic} has messages of order ${first.key} in partitions ${partitions}`;
  return [violation('messages-in-several-partitions', { orderId: first.key }, says)];
}

/** Reports only the first pair that is out of order. */
function asWritten(rows: OutboxEntry[], delivered: TopicMessage[]): Violation[] {
  const written = firsts(rows.toSorted((a, b) => a.id - b.id));
  const sent = new Set(written);
  const came = firsts(delivered.toSorted((a, b) => a.offset - b.offset)).filter((messageId) =>
    sent.has(messageId),
  );
  const there = new Set(came);
  const expected = written.filter((messageId) => there.has(messageId));
  const at = came.findIndex((messageId, index) => messageId !== expected[index]);
  const [first] = rows;
  const messageId = came[at];
  if (first === undefined || messageId === undefined) return [];
  const says = `${first.topic}: ${messageId} came before ${expected[at]}, which was written first`;
  return [violation('messages-out-of-order', { orderId: first.key, messageId }, says)];
}

function firsts(messages: { messageId: string }[]): string[] {
  return [...new Set(messages.map(({ messageId }) => messageId))];
}
