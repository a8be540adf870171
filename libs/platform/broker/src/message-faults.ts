import { messageFault } from '@indoubt/chaos';
import type { DeliveredMessage } from '@indoubt/contracts';
import { record } from '@indoubt/record';

/** What the armed faults make of the messages of one topic. */
export interface MessageFaults {
  /**
   * One that is dropped is never handled, one that is duplicated is handled twice, one that is
   * reordered is held back until the next ones of its partition have been.
   * @returns the messages to handle now; without faults, the same ones
   */
  strike(partition: number, messages: DeliveredMessage[]): DeliveredMessage[];
  /** They were handled: what had been held back is no more. */
  handled(partition: number, messages: readonly DeliveredMessage[]): void;
}

/**
 * Faults on the way from Kafka to the consumer. What is held back is acknowledged and in memory
 * only: a crash loses it, as a network that swaps messages may lose one; the saga asks again.
 */
export function createMessageFaults(): MessageFaults {
  const heldBack = new Map<number, DeliveredMessage[]>();
  return {
    strike(partition, messages) {
      const before = heldBack.get(partition) ?? [];
      const now = messages.flatMap((message) => {
        const fault = messageFault(message.topic, message.key);
        if (fault === undefined) return [message];
        told(message, fault);
        if (fault === 'duplicate') return [message, message];
        if (fault === 'reorder') heldBack.set(partition, [...heldOf(partition), message]);
        return [];
      });
      return [...now, ...before];
    },
    handled(partition, messages) {
      if (!heldBack.has(partition)) return;
      heldBack.set(
        partition,
        heldOf(partition).filter((message) => !messages.includes(message)),
      );
    },
  };

  function heldOf(partition: number): DeliveredMessage[] {
    return heldBack.get(partition) ?? [];
  }
}

function told({ topic, partition, offset, id, key }: DeliveredMessage, action: string): void {
  const where = { topic, partition, offset, messageId: id, orderId: key };
  record({ event: 'message-fault-hit', action, ...where });
}
