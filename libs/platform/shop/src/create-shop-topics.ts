import { deadLetterTopic, TOPICS } from '@indoubt/contracts';

/** The part of TopicAdmin that is needed. Existing topics are not changed. */
interface CreatesTopics {
  create(topics: string[], partitions: number): Promise<void>;
}

const PARTITIONS = 3;

/** Creates every topic of the shop, and their dead-letter topics. */
export async function createShopTopics(admin: CreatesTopics): Promise<void> {
  const topics = Object.values(TOPICS);
  await admin.create(topics, PARTITIONS);
  await admin.create(topics.map(deadLetterTopic), 1);
}
