/**
 * Every topic, without the prefix of the lab. The key of each message is its order id, so the
 * messages of an order are in one partition.
 */
export const TOPICS = {
  inventoryCommands: 'inventory.commands',
  paymentCommands: 'payment.commands',
  sagaReplies: 'saga.replies',
} as const;
export type Topic = (typeof TOPICS)[keyof typeof TOPICS];

/** The dead-letter topic of a topic, for messages that could not be handled. */
export function deadLetterTopic(topic: Topic): string {
  return `${topic}.dead-letter`;
}
