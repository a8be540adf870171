import { type BrokerLog, createTopicAdmin, type TappedMessage, tapTopics } from '@indoubt/broker';
import { deadLetterTopic, TOPICS, type Topic } from '@indoubt/contracts';
import { createShopTopics } from '@indoubt/shop';
import type { TopicMessage } from './snapshot/snapshot.ts';

/** A lab's topics, and an independent witness of everything on them. */
export interface LabTopics {
  /** What lies on the topics, as far as it was read. */
  messages(): TopicMessage[];
  /**
   * Where every topic ends now, when each consumer group has handled and acknowledged everything
   * before that and the witness has read it; null while something is still under way.
   */
  settledAt(): Promise<string | null>;
  /** Stops reading and deletes topics and groups. */
  drop(): Promise<void>;
}

const ALL_TOPICS: Topic[] = Object.values(TOPICS);
/** Who reads which topic: the group of each consumer, as the services name it. */
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
