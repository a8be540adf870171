import { type BrokerLog, createTopicAdmin, type TappedMessage, tapTopics } from '@indoubt/broker';
import { deadLetterTopic, TOPICS, type Topic } from '@indoubt/contracts';
import { createShopTopics } from '@indoubt/shop';
import type { TopicMessage } from './snapshot/snapshot.ts';

/** The topics of a lab, and an independent consumer that reads every message on them. */
export interface LabTopics {
  /** The messages read so far. */
  messages(): TopicMessage[];
  /**
   * The end offsets of all topics, when each consumer group has acknowledged everything before them
   * and the independent consumer has read it; null while messages are still in progress.
   */
  settledAt(): Promise<string | null>;
  /** Stops reading and deletes topics and groups. */
  drop(): Promise<void>;
}

const ALL_TOPICS: Topic[] = Object.values(TOPICS);
/** The consumer group of each topic, as the services name it. */
const GROUPS: Record<Topic, string> = {
  'inventory.commands': 'inventory',
  'payment.commands': 'payment',
  'saga.replies': 'order',
};

export async function createLabTopics(brokers: string[], prefix: string): Promise<LabTopics> {
  const silent: BrokerLog = () => undefined;
  const options = { brokers, clientId: 'lab', prefix, log: silent };
  const admin = await createTopicAdmin(options);
  const deadLetters = ALL_TOPICS.map(deadLetterTopic);
  await createShopTopics(admin);
  const seen = new Map<string, TopicMessage>();
  const tap = await tapTopics(options, [...ALL_TOPICS, ...deadLetters], (message) => {
    const { topic, partition, offset } = message;
    seen.set(`${topic}/${partition}/${offset}`, toTopicMessage(message));
  });
  return {
    messages: () => [...seen.values()].toSorted(byPlace),
    async settledAt() {
      const groups = await Promise.all(
        ALL_TOPICS.map(async (topic) => ({
          ends: await admin.ends(topic),
          handled: await admin.handled(GROUPS[topic], topic),
        })),
      );
      const dead = await Promise.all(deadLetters.map((topic) => admin.ends(topic)));
      const lag = groups.some(({ ends, handled }) =>
        [...ends].some(([partition, end]) => end > (handled.get(partition) ?? 0)),
      );
      const ends = [...groups.map((group) => group.ends), ...dead];
      const total = ends.flatMap((of) => [...of.values()]).reduce((sum, end) => sum + end, 0);
      if (lag || seen.size < total) return null;
      return JSON.stringify(ends.map((of) => [...of]));
    },
    async drop() {
      await tap.close(); // a group that still has a member cannot be deleted
      await admin.deleteAll();
      await admin.close();
    },
  };
}

function toTopicMessage({ topic, partition, offset, key, headers }: TappedMessage): TopicMessage {
  return {
    topic,
    partition,
    offset,
    key,
    messageId: headers['message-id'] ?? '',
    step: headers['step'] ?? '',
    deadLetterReason: headers['dead-letter-reason'] ?? null,
  };
}

function byPlace(a: TopicMessage, b: TopicMessage): number {
  return a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset;
}
