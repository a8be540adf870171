import type { Topic } from '@indoubt/contracts';
import type { Admin, Kafka } from 'kafkajs';
import { asFailure } from './kafka.ts';

export interface PartitionLag {
  topic: Topic;
  partition: number;
  /** Messages on the topic that the group has not acknowledged. */
  messages: number;
}

interface LagReader {
  /** @throws Failure 'broker-unavailable': nothing is known */
  lag(): Promise<PartitionLag[]>;
  close(): Promise<void>;
}

/**
 * Reads the lag from the broker, not from the consumer: a consumer that stands still does not know
 * what it misses. The first call opens the connection: a process that is never scraped has none.
 */
export function createLagReader(
  kafka: Kafka,
  prefix: string,
  { topic, group }: { topic: Topic; group: string },
): LagReader {
  let connected: Promise<Admin> | undefined;

  async function connect(): Promise<Admin> {
    const admin = kafka.admin();
    await admin.connect();
    return admin;
  }

  async function close(): Promise<void> {
    const closing = connected;
    connected = undefined;
    await closing?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  return {
    close,
    async lag() {
      connected ??= connect();
      try {
        const admin = await connected;
        const [ends, [handled]] = await Promise.all([
          admin.fetchTopicOffsets(prefix + topic),
          admin.fetchOffsets({ groupId: prefix + group, topics: [prefix + topic] }),
        ]);
        return lagOf(topic, ends, handled?.partitions ?? []);
      } catch (error) {
        await close(); // the next call opens another connection
        throw asFailure(error, `asking how far ${group} is behind`);
      }
    },
  };
}

/**
 * Pure. Where the group has acknowledged nothing yet, all that the topic still has is to be read.
 * @param ends     of each partition: its first offset, and the one after its last
 * @param handled  of each partition: the next that the group would read, or -1
 */
export function lagOf(
  topic: Topic,
  ends: readonly { partition: number; offset: string; low: string }[],
  handled: readonly { partition: number; offset: string }[],
): PartitionLag[] {
  return ends.map(({ partition, offset, low }) => {
    const acknowledged = Number(handled.find((one) => one.partition === partition)?.offset ?? -1);
    const next = acknowledged < 0 ? Number(low) : acknowledged;
    return { topic, partition, messages: Math.max(Number(offset) - next, 0) };
  });
}
