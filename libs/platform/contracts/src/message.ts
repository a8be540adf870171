import type { Topic } from './topics.ts';

/**
 * A message before it is in an outbox. The outbox adds when it was written and the trace it belongs
 * to.
 */
export interface Message<Body = unknown> {
  /** The same again when the same thing is asked or answered again: saga id and step make it. */
  id: string;
  topic: Topic;
  /** Order id: Kafka keeps the order of messages with one key. */
  key: string;
  /** What it is, e.g. `reserve-stock` or `step-answer`. */
  type: string;
  sagaId: string;
  /** The saga's step (or undo) that this commands or answers. */
  step: string;
  body: Body;
}

/** A message on its way from an outbox into the broker. */
export interface OutgoingMessage extends Message {
  /** W3C traceparent of what caused it; null when nothing is traced. */
  traceparent: string | null;
}

/** A message as the broker delivered it: at least once, in order for one key. */
export interface DeliveredMessage extends OutgoingMessage {
  partition: number;
  offset: string;
}
