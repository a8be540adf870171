import { deadLetterTopic, type Topic } from '@indoubt/contracts';
import { record } from '@indoubt/record';
import type { KafkaMessage } from 'kafkajs';
import type { BrokerLog } from './kafka.ts';
import type { Producer } from './producer.ts';

/**
 * Sends a message to the dead-letter topic of its topic.
 * @throws Failure 'broker-unavailable' (indefinite)
 */
export type DeadLetters = (
  message: KafkaMessage,
  partition: number,
  reason: string,
) => Promise<void>;

const REASON_CHARS_MAX = 500;

/** The dead letter has the message unchanged and its place of origin: a replay needs both. */
export function createDeadLetters(
  sendRaw: Producer['sendRaw'],
  log: BrokerLog,
  topic: Topic,
): DeadLetters {
  return async (message, partition, reason) => {
    const from = { topic, partition, offset: message.offset };
    const headers = {
      ...message.headers,
      'dead-letter-reason': reason.slice(0, REASON_CHARS_MAX),
      'dead-letter-topic': from.topic,
      'dead-letter-partition': String(partition),
      'dead-letter-offset': from.offset,
    };
    const { key, value } = message;
    await sendRaw(deadLetterTopic(topic), { key, value, headers });
    record({ event: 'dead-lettered', orderId: key?.toString(), reason, ...from });
    log('error', 'message dead-lettered', { ...from, reason });
  };
}
