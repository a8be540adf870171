import type { DeliveredMessage } from '@indoubt/contracts';
import type { KafkaMessage } from 'kafkajs';

/** A message, and the same message as Kafka delivered it, for the dead-letter topic. */
export interface Received {
  message: DeliveredMessage;
  raw: KafkaMessage;
}
