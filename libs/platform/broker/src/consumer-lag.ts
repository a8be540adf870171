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
  /** @throws Failure 'broker-unavailable': the lag is unknown */
  lag(): Promise<PartitionLag[]>;
  close(): Promise<void>;
}

/**
 * Reads the lag from the broker, since a consumer that hangs does not know it. The first call opens
 * the connection, so a process that is never scraped opens none.
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
        throw asFailure(error, `reading the lag of ${group}`);
      }
    },
  };
}

/**
 * The lag of each partition. A group that has acknowledged nothing reads from the first offset that
 * the topic still has. Pure.
 * @param ends     for each partition: its first offset (`low`), and the offset after its last
 * @param handled  for each partition: the next offset that the group would read, or -1
 */
export function lagOf(
  topic: Topic,
  ends: readonly { partition: number; offset: string; low: string }[],
  handled: readonly { partition: number; offset: string }[],
): PartitionLag[] {
  return ends.map(({ partition, offset, low }) => {
    const acknowledged = Number(handled.find((each) => each.partition === partition)?.offset ?? -1);
    const next = acknowledged < 0 ? Number(low) : acknowledged;
    return { topic, partition, messages: Math.max(Number(offset) - next, 0) };
  });
}
