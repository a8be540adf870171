import { join } from 'node:path';
import { createTopicAdmin } from '@indoubt/broker';
import { readConfig, runJob } from '@indoubt/http';
import { createShopTopics } from '@indoubt/shop';
import { setUpConfig } from './set-up-config.ts';
import { setUpDatabase } from './set-up-database-store.ts';

const root = join(import.meta.dirname, '..', '..', '..');

// Prepares one database, or the topics, and then ends. `docker compose up` needs this process; a
// lab prepares its databases itself.
runJob(async () => {
  const config = readConfig(setUpConfig, process.env);
  if (config.SET_UP !== 'topics') {
    await setUpDatabase({ owner: config.SET_UP, url: config.DATABASE_URL, root });
    return;
  }
  const { KAFKA_BROKERS: brokers, TOPIC_PREFIX: prefix } = config;
  const admin = await createTopicAdmin({
    brokers,
    clientId: 'set-up',
    prefix,
    log: () => undefined,
  });
  await createShopTopics(admin);
  await admin.close();
});
