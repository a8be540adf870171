import type { OutgoingMessage } from '@indoubt/contracts';
import { contextOf, inSpan, traceparent } from '@indoubt/record';
import { SpanKind } from '@opentelemetry/api';
import { type Kafka, type Message, Partitioners } from 'kafkajs';
import { asFailure } from './kafka.ts';
import { toWire } from './wire.ts';

export interface Producer {
  /**
   * Settles when every in-sync replica has every message (acks=all: on a single broker that is its page
   * cache, which survives its death but not a power cut).
   * @throws Failure 'broker-unavailable' (indefinite: any of them may be there)
   */
  publish(messages: OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

const ALL_REPLICAS = -1;

export async function createProducer(kafka: Kafka, prefix: string): Promise<Producer> {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  let connected: Promise<void> | undefined;

  /** Connects when first needed, and again after a failure: a broker that is away at start is no reason to die. */
  async function connect(): Promise<void> {
    connected ??= producer.connect();
    try {
      await connected;
    } catch (error) {
      connected = undefined;
      throw error;
    }
  }

  return {
    async publish(messages) {
      const sends = messages.map(sendSpan);
      const byTopic = Map.groupBy(messages, (message) => message.topic);
      const topicMessages = [...byTopic].map(([topic, ofTopic]) => ({
        topic: prefix + topic,
        messages: ofTopic.map((message): Message => toWire(message)),
      }));
      try {
        await connect();
        await producer.sendBatch({ acks: ALL_REPLICAS, topicMessages });
      } catch (error) {
        throw asFailure(error, `publishing ${sends.length} messages`);
      }
    },
    close: () => producer.disconnect(),
  };
}
