import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';
import { count } from '../text/count.ts';

/**
 * INV-13: the consumer has handled each message at least as often as the message is on its topic.
 * Dead letters and copies that a fault dropped are not counted.
 */
export function noMessagePassedOver({ topics, handled, dropped }: Snapshot): Violation[] {
  const handlings = countById(handled);
  const putAside = countById(topics.filter(({ deadLetterReason }) => deadLetterReason !== null));
  const taken = countById(dropped);
  const delivered = topics.filter(({ deadLetterReason }) => deadLetterReason === null);
  const copies = Map.groupBy(delivered, ({ topic, messageId }) => `${topic} ${messageId}`);
  return [...copies.values()].flatMap((messages) => {
    const [message] = messages;
    if (message === undefined) return [];
    const { messageId, topic, key } = message;
    const of = (counts: ReadonlyMap<string, number>): number => counts.get(messageId) ?? 0;
    const owed = messages.length - of(putAside) - of(taken);
    if (of(handlings) >= owed) return [];
    const there = `${messageId} is on ${topic} ${count(messages.length, 'time')}`;
    const says = `skipped: ${there}, handled ${count(of(handlings), 'time')}`;
    return [violation('message-passed-over', { orderId: key, messageId }, says)];
  });
}

function countById(rows: { messageId: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { messageId } of rows) counts.set(messageId, (counts.get(messageId) ?? 0) + 1);
  return counts;
}
