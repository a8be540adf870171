import { failpoint } from '@indoubt/chaos';
import type { DeliveredMessage } from '@indoubt/contracts';
import { backOffMs, Failure } from '@indoubt/failure';
import { contextOf, inSharedSpan, inSpan, record } from '@indoubt/record';
import { SpanKind } from '@opentelemetry/api';
import type { Received } from './received.ts';
import { messageAttributes } from './wire.ts';

/**
 * How a service handles messages. `Tx` is the transaction type of the service: the broker knows no
 * database.
 */
export interface Handling<Tx> {
  /**
   * Runs `work` in one transaction, which is rolled back when this rejects.
   * @param attemptsMax how often `work` may run when transactions conflict
   */
  within(work: (tx: Tx) => Promise<void>, attemptsMax?: number): Promise<void>;
  /** Handles a message in `tx`. It must be idempotent, since every message may come again. */
  handle(tx: Tx, message: DeliveredMessage): Promise<void>;
}

export interface GroupHandling<Tx> extends Handling<Tx> {
  /** Copies of a service share a group: each partition belongs to one copy. */
  group: string;
}

export interface Attempts {
  /**
   * Sends a heartbeat to the group. Rejects when the membership is lost: no further message may be
   * handled then.
   */
  heartbeat(): Promise<void>;
  /** Waits between attempts, with heartbeats. Rejects when shutting down. */
  pause(ms: number): Promise<void>;
  /** Makes a message a dead letter. Rejects when that fails: the message is delivered again. */
  deadLetter(received: Received, reason: string): Promise<void>;
}

/**
 * A message that definitely fails this often becomes a dead letter, so that it does not block later
 * messages.
 */
export const ATTEMPTS_MAX = 5;
const BACK_OFF = { baseMs: 100, maxMs: 5_000 };

// After this time a transaction takes no further message, so that heartbeats between transactions
// are sent in time. No heartbeat is sent in a transaction: it must not wait for the network.
const TOGETHER_MS_MAX = 200;

/**
 * Handles messages in one transaction. When that fails, each message is handled in its own
 * transaction, so that one bad message costs the other messages only a repetition.
 * While a database or broker is unavailable (an indefinite Failure), messages are retried without a
 * limit: to make them dead letters would turn an outage into lost orders.
 */
export async function handleBatch<Tx>(
  received: readonly Received[],
  handling: GroupHandling<Tx>,
  attempts: Attempts,
): Promise<void> {
  for (const { message } of received) record({ event: 'message-received', ...named(message) });
  await failpoint('received-not-handled', ordersOf(received));
  let rest = received;
  while (rest.length > 1) {
    await attempts.heartbeat();
    const handled = await handledTogether(rest, handling);
    if (handled === 0) break;
    rest = rest.slice(handled);
  }
  for (const each of rest) {
    await attempts.heartbeat();
    await handleUntilDone(each, handling, attempts);
  }
}

// A group is not run again after a deadlock: two copies that lock the same rows in another order
// would deadlock again. Messages in their own transactions lock their rows in one order.
const ONCE = 1;

/** @returns how many messages, from the first on, are committed; 0 when a message failed */
async function handledTogether<Tx>(
  received: readonly Received[],
  handling: GroupHandling<Tx>,
): Promise<number> {
  let handled = 0;
  const messages = received.map(({ message }) => message);
  const causes = messages.map((message) => message.traceparent);
  const attributes = {
    ...PROCESSING,
    'messaging.destination.name': messages[0]?.topic,
    'messaging.consumer.group.name': handling.group,
    'messaging.batch.message_count': messages.length,
  };
  const options = { kind: SpanKind.CONSUMER, attributes };
  try {
    await inSharedSpan(`process batch ${messages[0]?.topic}`, options, causes, () =>
      handling.within(async (tx) => {
        const until = performance.now() + TOGETHER_MS_MAX;
        for (const message of messages) {
          await inMessageSpan(message, handling.group, () => handling.handle(tx, message));
          handled += 1;
          if (performance.now() > until) break;
        }
      }, ONCE),
    );
    return handled;
  } catch {
    return 0; // the message fails again in its own transaction, which records the error
  }
}

async function handleUntilDone<Tx>(
  received: Received,
  handling: GroupHandling<Tx>,
  attempts: Attempts,
): Promise<void> {
  const { message } = received;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await inMessageSpan(message, handling.group, () =>
        handling.within((tx) => handling.handle(tx, message)),
      );
      return;
    } catch (error) {
      const retriable = error instanceof Failure && error.certainty === 'indefinite';
      const malformed = error instanceof Failure && error.code === 'malformed-message';
      if (malformed || (!retriable && attempt >= ATTEMPTS_MAX)) {
        await attempts.deadLetter(received, String(error));
        return;
      }
      const delayMs = Math.round(backOffMs(BACK_OFF, attempt, Math.random()));
      retried(message, attempt, delayMs, error);
      await attempts.pause(delayMs);
    }
  }
}

const PROCESSING = {
  'messaging.system': 'kafka',
  'messaging.operation.name': 'process',
  'messaging.operation.type': 'process',
};

function inMessageSpan<T>(
  message: DeliveredMessage,
  group: string,
  work: () => Promise<T>,
): Promise<T> {
  const attributes = {
    ...messageAttributes(message),
    ...PROCESSING,
    'messaging.consumer.group.name': group,
    'messaging.destination.partition.id': String(message.partition),
    'messaging.kafka.offset': Number(message.offset),
  };
  const parent = contextOf(message.traceparent);
  const options = { kind: SpanKind.CONSUMER, attributes, parent };
  return inSpan(`process ${message.topic}`, options, work);
}

function retried(
  message: DeliveredMessage,
  attempt: number,
  delayMs: number,
  error: unknown,
): void {
  record({ event: 'message-retried', ...named(message), attempt, delayMs, error: String(error) });
}

function named(message: DeliveredMessage) {
  const { topic, type, step, sagaId, partition, offset, key } = message;
  return { topic, type, step, sagaId, partition, offset, orderId: key, messageId: message.id };
}

/** The order ids of the messages; iterated only for a fault about one order. */
export function* ordersOf(received: readonly Received[]): Generator<string> {
  for (const { message } of received) yield message.key;
}
