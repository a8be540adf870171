import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import type { Admin, ITopicConfig } from 'kafkajs';
import { asFailure, type BrokerOptions, createKafka } from './kafka.ts';

export interface TopicAdmin {
  /** Creates the topics (without prefix) and waits until they have leaders. */
  create(topics: string[], partitions: number): Promise<void>;
  /** Deletes every topic and group with the prefix. */
  deleteAll(): Promise<void>;
  /** How many messages each partition of a topic holds: the offset after the last one. */
  ends(topic: string): Promise<Map<number, number>>;
  /** The offset each partition's group has acknowledged: the next one it would read. */
  handled(group: string, topic: string): Promise<Map<number, number>>;
  close(): Promise<void>;
}

/**
 * What a lab needs beside producing and consuming. @throws Failure 'broker-unavailable'
 * (indefinite)
 */
export async function createTopicAdmin(options: BrokerOptions): Promise<TopicAdmin> {
  const { prefix } = options;
  if (prefix === '') throw new Failure('invalid-config', 'a lab needs a topic prefix of its own');
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
      // -1: the group has acknowledged nothing there yet.
      const offsets = (of?.partitions ?? []).map(
        ({ partition, offset }) => [partition, Math.max(Number(offset), 0)] as const,
      );
      return new Map(offsets);
    },
    close: () => admin.disconnect(),
  };
}

// Longer than any session of a lab's members.
const EMPTY_WITHIN_MS = 10_000;

/** A member that was killed stays until its session ends: before that its group cannot go. */
async function deleteGroups(admin: Admin, prefix: string): Promise<void> {
  const until = performance.now() + EMPTY_WITHIN_MS;
  for (;;) {
    const { groups } = await admin.listGroups();
    const ours = groups.map((group) => group.groupId).filter((id) => id.startsWith(prefix));
    if (ours.length === 0) return;
    try {
      await admin.deleteGroups(ours);
      return;
    } catch (error) {
      if (performance.now() > until) throw asFailure(error, `deleting ${ours.join(', ')}`);
    }
    await wait(LOOK_EVERY_MS);
  }
}

/**
 * A broker that is late with a heartbeat is fenced for a moment: no topic can be placed on it then,
 * which it calls a wrong replication factor.
 */
async function createUnfenced(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  const until = performance.now() + LED_WITHIN_MS;
  for (;;) {
    try {
      // Not `waitForLeaders`: it fails when the answer comes from before the topics are known
      // everywhere.
      await admin.createTopics({ topics, waitForLeaders: false });
      return;
    } catch (error) {
      const { errors = [] } = error as { errors?: { type?: string }[] };
      const isFenced = errors.some(({ type }) => type === 'INVALID_REPLICATION_FACTOR');
      if (!isFenced || performance.now() > until) throw asFailure(error, 'creating topics');
    }
    await wait(LOOK_EVERY_MS);
  }
}

const LED_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 20;

/**
 * A new topic can be read and written once its partitions have leaders: some milliseconds later.
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
    await wait(LOOK_EVERY_MS);
  }
}
