import { messageFault } from '@indoubt/chaos';
import type { DeliveredMessage } from '@indoubt/contracts';
import { type RecordEvent, record } from '@indoubt/record';
import type { Received } from './received.ts';

/** Applies the armed faults to the messages of one topic. */
export interface MessageFaults {
  /**
   * A dropped message is never handled, a duplicated message is handled twice, a reordered message
   * is handled after the next messages of its partition.
   * @returns the messages to handle now; without faults, the same messages
   */
  strike(partition: number, received: Received[]): Received[];
  /** These messages were handled: they leave the reorder buffer. */
  handled(partition: number, received: readonly Received[]): void;
}

/**
 * Faults between Kafka and the consumer. The messages of the reorder buffer are acknowledged, and
 * in memory only: a crash loses them, as a network that swaps messages may lose one. The saga then
 * repeats its command.
 */
export function createMessageFaults(): MessageFaults {
  const buffers = new Map<number, Received[]>();
  const bufferOf = (partition: number) => buffers.get(partition) ?? [];
  return {
    strike(partition, received) {
      const buffered = bufferOf(partition);
      const now = received.flatMap((each) => {
        const fault = messageFault(each.message.topic, each.message.key);
        if (fault === undefined) return [each];
        recordFault(each.message, fault);
        if (fault === 'duplicate') return [each, each];
        if (fault === 'reorder') buffers.set(partition, [...bufferOf(partition), each]);
        return [];
      });
      return [...now, ...buffered];
    },
    handled(partition, received) {
      if (!buffers.has(partition)) return;
      buffers.set(
        partition,
        bufferOf(partition).filter((each) => !received.includes(each)),
      );
    },
  };
}

function recordFault(
  { topic, partition, offset, id, key }: DeliveredMessage,
  action: RecordEvent<'message-fault-hit'>['action'],
): void {
  const where = { topic, partition, offset, messageId: id, orderId: key };
  record({ event: 'message-fault-hit', action, ...where });
}
