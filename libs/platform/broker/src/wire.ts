import type { DeliveredMessage, OutgoingMessage, Topic } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { Attributes } from '@opentelemetry/api';
import type { IHeaders, KafkaMessage, Message } from 'kafkajs';

/**
 * A message as it is on a topic: the body as JSON, the other fields in headers, so that a message
 * can be routed without parsing its body.
 */
export function toWire({ key, body, ...message }: OutgoingMessage): Message {
  const headers: IHeaders = {
    'message-id': message.id,
    type: message.type,
    'saga-id': message.sagaId,
    step: message.step,
  };
  if (message.traceparent !== null) headers['traceparent'] = message.traceparent;
  return { key, value: JSON.stringify(body), headers };
}

/**
 * @param topic without the lab's prefix
 * @throws Failure 'malformed-message' (definite): a retry cannot help
 */
export function fromWire(topic: Topic, partition: number, message: KafkaMessage): DeliveredMessage {
  const header = (name: string) => {
    const value = message.headers?.[name];
    if (value === undefined) throw new Failure('malformed-message', `header "${name}" is missing`);
    return value.toString();
  };
  return {
    topic,
    partition,
    offset: message.offset,
    key: message.key?.toString() ?? '',
    id: header('message-id'),
    type: header('type'),
    sagaId: header('saga-id'),
    step: header('step'),
    traceparent: message.headers?.['traceparent']?.toString() ?? null,
    body: parse(message.value),
  };
}

function parse(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString() ?? '');
  } catch (error) {
    throw new Failure('malformed-message', 'the value is not JSON', { cause: error });
  }
}

/**
 * Attributes by OpenTelemetry's semantic conventions for messaging, and the ids of order and saga.
 * @see opentelemetry.io/docs/specs/semconv/messaging/kafka
 */
export function messageAttributes(message: OutgoingMessage): Attributes {
  return {
    'messaging.system': 'kafka',
    'messaging.destination.name': message.topic,
    'messaging.message.id': message.id,
    'messaging.kafka.message.key': message.key,
    'saga.step': message.step,
    'saga.id': message.sagaId,
    'order.id': message.key,
  };
}
