import type { DeliveredMessage } from '@indoubt/contracts';
import { messageFault } from '@indoubt/failpoint';
import { record } from '@indoubt/record';

/**
 * What the armed faults make of messages that were delivered: one that is dropped is never handled,
 * one that is duplicated is handled twice, one that is reordered is held back until the next ones
 * have been. Held back in memory only: a crash loses it, as a real swap of a network could.
 * @returns the messages to handle now; without faults, the same ones
 */
export function messageFaults(): (messages: DeliveredMessage[]) => DeliveredMessage[] {
  const heldBack: DeliveredMessage[] = [];
  return (messages) => {
    const before = heldBack.splice(0);
    const now = messages.flatMap((message) => {
      const fault = messageFault(message.topic, message.key);
      if (fault === undefined) return [message];
      told(message, fault);
      if (fault === 'duplicate') return [message, message];
      if (fault === 'reorder') heldBack.push(message);
      return [];
    });
    return [...now, ...before];
  };
}

function told({ topic, partition, offset, id, key }: DeliveredMessage, action: string): void {
  const where = { topic, partition, offset, messageId: id, orderId: key };
  record({ event: 'message-fault-hit', action, ...where });
}
