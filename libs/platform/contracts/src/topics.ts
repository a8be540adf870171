/**
 * Every topic, before a lab's prefix. The key of each message is its order id: one order, one
 * partition.
 */
export const TOPICS = {
  inventoryCommands: 'inventory.commands',
  paymentCommands: 'payment.commands',
  sagaReplies: 'saga.replies',
} as const;
export type Topic = (typeof TOPICS)[keyof typeof TOPICS];

/** Where messages go that no attempt could handle: one dead-letter topic for each consumer. */
export function deadLetterTopic(topic: Topic): string {
  return `${topic}.dead-letter`;
}
