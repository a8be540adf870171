import { deadLetterTopic, TOPICS } from '@indoubt/contracts';

/** What is needed of a broker: topics that are there already are left as they are. */
interface MakesTopics {
  create(topics: string[], partitions: number): Promise<void>;
}

const PARTITIONS = 3;

/** Makes every topic of the shop, and where the messages go that nobody could handle. */
export async function createShopTopics(admin: MakesTopics): Promise<void> {
  const topics = Object.values(TOPICS);
  await admin.create(topics, PARTITIONS);
  await admin.create(topics.map(deadLetterTopic), 1);
}
