import { setTimeout as wait } from 'node:timers/promises';
import { failpoint, isBroken } from '@indoubt/chaos';
import type { Topic } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import { inSharedSpan } from '@indoubt/record';
import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { EachBatchPayload, Kafka, KafkaMessage, Consumer as Member } from 'kafkajs';
import { offsetThenWork } from './broken/offset-before-commit.ts';
import { createLagReader, type PartitionLag } from './consumer-lag.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { type GroupHandling, handleBatch, ordersOf } from './handle-batch.ts';
import type { BrokerLog } from './kafka.ts';
import { createMessageFaults, type MessageFaults } from './message-faults.ts';
import type { Producer } from './producer.ts';
import type { Received } from './received.ts';
import { fromWire } from './wire.ts';
import { workThenOffset } from './work-then-offset.ts';

export interface ConsumeOptions<Tx> extends GroupHandling<Tx> {
  topic: Topic;
  /** How long a dead member still owns its partitions. Milliseconds. */
  sessionMs: number;
}

export interface Consumer {
  /** Whether it is a member of its group now: it has joined, and its heartbeats are answered. */
  joined(): boolean;
  /** Settles when it is a member for the first time. */
  whenJoined(): Promise<void>;
  /**
   * Reads the lag of the group from the broker.
   * @throws Failure 'broker-unavailable': the lag is unknown
   */
  lag(): Promise<PartitionLag[]>;
  /** Settles when the batch in progress has ended and the connections are closed. */
  close(): Promise<void>;
}

export interface ConsumerParts {
  kafka: Kafka;
  prefix: string;
  log: BrokerLog;
  /** Sends a message to a topic (without prefix); settles when the broker has the message. */
  sendRaw: Producer['sendRaw'];
}

/** The highest number of messages before an offset is committed. */
const GROUP_MAX = 50;
// An idle fetch returns as soon as there is a message; this bounds how long closing waits for it.
const FETCH_WAIT_MS = 250;

/**
 * Consumes a topic: at least once, in order within a partition. The offset is committed after the
 * transaction. Partitions are handled one at a time: two transactions of one process would only
 * wait for each other's row locks.
 */
export async function startConsumer<Tx>(
  parts: ConsumerParts,
  options: ConsumeOptions<Tx>,
): Promise<Consumer> {
  const { kafka, prefix } = parts;
  const deadLetters = createDeadLetters(parts.sendRaw, parts.log, options.topic);
  const member = kafka.consumer({
    groupId: prefix + options.group,
    sessionTimeout: options.sessionMs,
    // A member that is busy with a transaction must not be dropped at every rebalance.
    rebalanceTimeout: 4 * options.sessionMs,
    heartbeatInterval: Math.round(options.sessionMs / 4),
    maxWaitTimeInMs: FETCH_WAIT_MS,
    allowAutoTopicCreation: false,
    // handleBatch waits for every failure that has a name; after any other error kafkajs restarts.
    retry: { restartOnFailure: async () => true },
  });
  const membership = watchMembership(member, options.sessionMs);
  const closing = new AbortController();
  const consumption: Consumption<Tx> = {
    ...options,
    deadLetters,
    faults: createMessageFaults(),
    settling: settlingSpan(options),
    inOrder: isBroken('offset-before-commit') ? offsetThenWork : workThenOffset,
    closing: closing.signal,
  };
  const lagReader = createLagReader(kafka, prefix, options);
  await member.connect();
  await member.subscribe({ topic: prefix + options.topic, fromBeginning: true });
  await member.run({
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 1,
    eachBatch: (payload) => eachBatch(consumption, payload),
  });
  return {
    joined: membership.joined,
    whenJoined: () => membership.first,
    lag: lagReader.lag,
    async close() {
      closing.abort();
      await Promise.all([member.disconnect(), lagReader.close()]);
    },
  };
}

function watchMembership(
  member: Member,
  sessionMs: number,
): { joined: () => boolean; first: Promise<void> } {
  let joined = false;
  let answeredAt = Number.NEGATIVE_INFINITY;
  const first = Promise.withResolvers<void>();
  member.on(member.events.GROUP_JOIN, () => {
    joined = true;
    answeredAt = performance.now();
    first.resolve();
  });
  member.on(member.events.HEARTBEAT, () => {
    answeredAt = performance.now();
  });
  for (const event of [member.events.DISCONNECT, member.events.STOP, member.events.REBALANCING]) {
    member.on(event, () => {
      joined = false;
    });
  }
  member.on(member.events.CRASH, ({ payload }) => {
    joined = false;
    if (payload.restart) return;
    // kafkajs does not restart this member, although restartOnFailure is true. The process ends
    // with the error, so that its supervisor starts another process.
    setImmediate(() => {
      throw payload.error;
    });
  });
  // A broker that hangs breaks no connection: kafkajs reports no error for most of a minute.
  const isAnswered = () => performance.now() - answeredAt < sessionMs;
  return { joined: () => joined && isAnswered(), first: first.promise };
}

interface Consumption<Tx> extends ConsumeOptions<Tx> {
  /** Kind and attributes of the spans in which offsets are committed. */
  settling: { kind: SpanKind; attributes: Attributes };
  deadLetters: DeadLetters;
  faults: MessageFaults;
  inOrder: typeof workThenOffset;
  closing: AbortSignal;
}

function settlingSpan({ topic, group }: Pick<ConsumeOptions<unknown>, 'topic' | 'group'>) {
  const attributes = {
    'messaging.system': 'kafka',
    'messaging.operation.name': 'commit',
    'messaging.operation.type': 'settle',
    'messaging.destination.name': topic,
    'messaging.consumer.group.name': group,
  };
  return { kind: SpanKind.CLIENT, attributes };
}

async function eachBatch<Tx>(
  consumption: Consumption<Tx>,
  payload: EachBatchPayload,
): Promise<void> {
  const { topic, deadLetters, faults, settling, inOrder, closing } = consumption;
  const { batch, heartbeat, resolveOffset, isRunning, isStale } = payload;
  for (let from = 0; from < batch.messages.length; from += GROUP_MAX) {
    // After a rebalance another member reads the other messages, from the committed offset.
    if (!isRunning() || isStale() || closing.aborted) return;
    const group = batch.messages.slice(from, from + GROUP_MAX);
    const deadLetter = ({ raw }: Pick<Received, 'raw'>, reason: string) =>
      deadLetters(raw, batch.partition, reason);
    const readable = await readAll(topic, batch.partition, group, deadLetter);
    const received = faults.strike(batch.partition, readable);
    const work = async () => {
      if (received.length === 0) return;
      await handleBatch(received, consumption, {
        heartbeat,
        pause: (ms) => pause(ms, heartbeat, closing),
        deadLetter,
      });
      faults.handled(batch.partition, received);
    };
    const causes = received.map(({ message }) => message.traceparent);
    // If the process dies here, this span has no end: so the trace shows the crash.
    const acknowledge = () =>
      inSharedSpan(`acknowledge ${topic}`, settling, causes, async () => {
        await failpoint('handled-not-acknowledged', ordersOf(received));
        const last = group.at(-1);
        if (last !== undefined) resolveOffset(last.offset);
        await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
        await failpoint('acknowledged-not-continued', ordersOf(received));
      });
    await inOrder(work, acknowledge);
    await heartbeat();
  }
}

/** Reads the messages of a group; a message that cannot be read is a dead letter at once. */
async function readAll(
  topic: Topic,
  partition: number,
  group: KafkaMessage[],
  deadLetter: (unreadable: Pick<Received, 'raw'>, reason: string) => Promise<void>,
): Promise<Received[]> {
  const received: Received[] = [];
  for (const raw of group) {
    try {
      received.push({ message: fromWire(topic, partition, raw), raw });
    } catch (error) {
      await deadLetter({ raw }, String(error));
    }
  }
  return received;
}

/**
 * Waits in small pieces with a heartbeat after each: a long back-off must not look like a dead
 * member.
 */
async function pause(
  ms: number,
  heartbeat: () => Promise<void>,
  closing: AbortSignal,
): Promise<void> {
  const until = performance.now() + ms;
  do {
    const piece = Math.min(Math.max(until - performance.now(), 0), HEARTBEAT_PIECE_MS);
    await wait(piece, undefined, { signal: closing }).catch((error: unknown) => {
      const detail = 'The consumer is closing; the message will be delivered again.';
      throw new Failure('interrupted', detail, { cause: error });
    });
    await heartbeat();
  } while (performance.now() < until);
}

const HEARTBEAT_PIECE_MS = 200;
