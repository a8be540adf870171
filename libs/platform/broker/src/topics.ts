import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import type { Admin, ITopicConfig } from 'kafkajs';
import { asFailure, type BrokerOptions, createKafka } from './kafka.ts';

export interface TopicAdmin {
  /** Creates the topics (without prefix) and waits until they have leaders. */
  create(topics: string[], partitions: number): Promise<void>;
  /** Deletes every topic and group with the prefix. */
  deleteAll(): Promise<void>;
  /** The offset after the last message of each partition of a topic. */
  ends(topic: string): Promise<Map<number, number>>;
  /** The next offset of each partition that the group would read; 0: nothing is acknowledged. */
  handled(group: string, topic: string): Promise<Map<number, number>>;
  close(): Promise<void>;
}

/**
 * Creates and deletes the topics of a lab, and reads their offsets.
 * @throws Failure 'invalid-config' without a prefix; the error of kafkajs when it cannot connect
 */
export async function createTopicAdmin(options: BrokerOptions): Promise<TopicAdmin> {
  const { prefix } = options;
  if (prefix === '') throw new Failure('invalid-config', 'a lab needs its own topic prefix');
  const admin = createKafka(options).admin();
  await admin.connect();
  return {
    async create(topics, partitions) {
      const wanted = topics.map((topic) => ({ topic: prefix + topic, numPartitions: partitions }));
      await createUnfenced(admin, wanted);
      await untilLed(
        admin,
        wanted.map(({ topic }) => topic),
      );
    },
    async deleteAll() {
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
      if (topics.length > 0) await admin.deleteTopics({ topics });
      await deleteGroups(admin, prefix);
    },
    async ends(topic) {
      const offsets = await admin.fetchTopicOffsets(prefix + topic);
      return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
    },
    async handled(group, topic) {
      const [of] = await admin.fetchOffsets({ groupId: prefix + group, topics: [prefix + topic] });
      // -1: the group has acknowledged nothing in this partition.
      const offsets = (of?.partitions ?? []).map(
        ({ partition, offset }) => [partition, Math.max(Number(offset), 0)] as const,
      );
      return new Map(offsets);
    },
    close: () => admin.disconnect(),
  };
}

// Longer than any session time-out of a lab.
const EMPTY_WITHIN_MS = 10_000;

/** Deletes the lab's groups, which is possible only when the sessions of killed members end. */
async function deleteGroups(admin: Admin, prefix: string): Promise<void> {
  const until = performance.now() + EMPTY_WITHIN_MS;
  for (;;) {
    const { groups } = await admin.listGroups();
    const own = groups.map((group) => group.groupId).filter((id) => id.startsWith(prefix));
    if (own.length === 0) return;
    try {
      await admin.deleteGroups(own);
      return;
    } catch (error) {
      if (performance.now() > until) throw asFailure(error, `deleting ${own.join(', ')}`);
    }
    await wait(POLL_EVERY_MS);
  }
}

/**
 * Creates topics, and retries while the broker is fenced, because its heartbeat was late. A fenced
 * broker refuses topics with the error "invalid replication factor".
 */
async function createUnfenced(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  const until = performance.now() + LED_WITHIN_MS;
  for (;;) {
    try {
      // `waitForLeaders` would fail when a broker answers that does not know the topics yet.
      await admin.createTopics({ topics, waitForLeaders: false });
      return;
    } catch (error) {
      const { errors = [] } = error as { errors?: { type?: string }[] };
      const isFenced = errors.some(({ type }) => type === 'INVALID_REPLICATION_FACTOR');
      if (!isFenced || performance.now() > until) throw asFailure(error, 'creating topics');
    }
    await wait(POLL_EVERY_MS);
  }
}

const LED_WITHIN_MS = 10_000;
const POLL_EVERY_MS = 20;

/**
 * Waits until all partitions of new topics have leaders: some milliseconds.
 */
async function untilLed(admin: Admin, topics: string[]): Promise<void> {
  const until = performance.now() + LED_WITHIN_MS;
  for (;;) {
    try {
      const metadata = await admin.fetchTopicMetadata({ topics });
      const partitions = metadata.topics.flatMap((topic) => topic.partitions);
      if (partitions.every((partition) => partition.leader >= 0)) return;
    } catch (error) {
      if (performance.now() > until) throw asFailure(error, `creating ${topics.join(', ')}`);
    }
    await wait(POLL_EVERY_MS);
  }
}
