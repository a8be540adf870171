import type { Topic } from './topics.ts';

/**
 * A message before it is in an outbox. The outbox adds the time and the trace of the message.
 */
export interface Message<Body = unknown> {
  /** Made of saga id and step, so a command or answer that is sent again has the same id. */
  id: string;
  topic: Topic;
  /** The order id. Kafka delivers messages with the same key in order. */
  key: string;
  /** The type of the message, such as `reserve-stock` or `step-answer`. */
  type: string;
  sagaId: string;
  /** The step or undo that this message commands or answers. */
  step: string;
  body: Body;
}

/** A message on its way from an outbox into the broker. */
export interface OutgoingMessage extends Message {
  /** The W3C traceparent of the cause of the message; null when nothing is traced. */
  traceparent: string | null;
}

/** A message as the broker delivers it: at least once, in order for each key. */
export interface DeliveredMessage extends OutgoingMessage {
  partition: number;
  offset: string;
}
