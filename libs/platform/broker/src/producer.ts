import type { OutgoingMessage } from '@indoubt/contracts';
import { contextOf, failSpan, startSpan, traceparent } from '@indoubt/record';
import { type Span, SpanKind } from '@opentelemetry/api';
import { type IHeaders, type Kafka, Partitioners, type TopicMessages } from 'kafkajs';
import { asFailure } from './kafka.ts';
import { messageAttributes, toWire } from './wire.ts';

export interface Producer {
  /**
   * Settles when every in-sync replica has every message (acks=all). On a single broker that means
   * its page cache, which survives a crash of the broker but not a power cut.
   * @throws Failure 'broker-unavailable' (indefinite: the broker may have any of the messages)
   */
  publish(messages: OutgoingMessage[]): Promise<void>;
  /**
   * Sends a message unchanged, such as a dead letter.
   * @throws Failure 'broker-unavailable' (indefinite)
   */
  sendRaw(topic: string, message: RawMessage): Promise<void>;
  /** Settles once a broker answers. @throws Failure 'broker-unavailable' */
  connect(): Promise<void>;
  /** Whether a broker answers; for readiness. */
  answers(): Promise<boolean>;
  close(): Promise<void>;
}

/** A message as bytes. */
export interface RawMessage {
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
}

const ALL_REPLICAS = -1;

export function createProducer(kafka: Kafka, prefix: string): Producer {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  let connected: Promise<void> | undefined;

  // Connects at the first use, and again after a failure: a process starts although its broker is
  // unavailable.
  async function connect(): Promise<void> {
    connected ??= producer.connect();
    try {
      await connected;
    } catch (error) {
      connected = undefined;
      throw asFailure(error, 'connecting to Kafka');
    }
  }

  return {
    connect,
    answers: () => answers(kafka),
    async publish(messages) {
      await connect();
      const sends = messages.map(sendSpan);
      try {
        await producer.sendBatch({ acks: ALL_REPLICAS, topicMessages: byTopic(prefix, sends) });
      } catch (error) {
        for (const { span } of sends) failSpan(span, error);
        throw asFailure(error, `publishing ${messages.length} messages`);
      } finally {
        for (const { span } of sends) span.end();
      }
    },
    async sendRaw(topic, message) {
      await connect();
      try {
        await producer.send({ acks: ALL_REPLICAS, topic: prefix + topic, messages: [message] });
      } catch (error) {
        throw asFailure(error, `sending to ${topic}`);
      }
    },
    close: () => producer.disconnect(),
  };
}

/** Opens a new connection: an open connection may belong to a broker that died a moment ago. */
async function answers(kafka: Kafka): Promise<boolean> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return true;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}

interface Send {
  message: OutgoingMessage;
  span: Span;
}

const SENDING = { 'messaging.operation.name': 'send', 'messaging.operation.type': 'send' };

/** Starts a span for a message; the consumer's span of the message becomes its child. */
function sendSpan(message: OutgoingMessage): Send {
  const { span, context } = startSpan(`send ${message.topic}`, {
    kind: SpanKind.PRODUCER,
    parent: contextOf(message.traceparent),
    attributes: { ...messageAttributes(message), ...SENDING },
  });
  const sent = traceparent(context) ?? message.traceparent;
  return { message: { ...message, traceparent: sent }, span };
}

function byTopic(prefix: string, sends: Send[]): TopicMessages[] {
  const groups = Map.groupBy(sends, ({ message }) => message.topic);
  return [...groups].map(([topic, ofTopic]) => ({
    topic: prefix + topic,
    messages: ofTopic.map(({ message }) => toWire(message)),
  }));
}
