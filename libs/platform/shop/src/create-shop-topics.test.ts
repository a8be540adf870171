import { expect, test } from 'vitest';
import { createShopTopics } from './create-shop-topics.ts';

test('each topic has three partitions, and each dead-letter topic has one', async () => {
  const made: [string[], number][] = [];
  await createShopTopics({
    create: async (topics, partitions) => void made.push([topics, partitions]),
  });
  const topics = ['inventory.commands', 'payment.commands', 'saga.replies'];
  expect(made).toEqual([
    [topics, 3],
    [topics.map((topic) => `${topic}.dead-letter`), 1],
  ]);
});
