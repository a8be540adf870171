import { type BrokerOptions, createKafka } from './kafka.ts';

/** A message of any type, as it is on a topic. */
export interface TappedMessage {
  topic: string;
  partition: number;
  offset: number;
  key: string;
  headers: Record<string, string>;
}

export interface Tap {
  close(): Promise<void>;
}

// A short session, so that the tap joins soon after a broker has died. It is alone in its group.
const SESSION_MS = 3_000;

/**
 * Reads topics (without prefix) from the beginning, independently of their consumers, so that the
 * lab can check them.
 */
export async function tapTopics(
  options: BrokerOptions,
  topics: string[],
  onMessage: (message: TappedMessage) => void,
): Promise<Tap> {
  const { prefix } = options;
  const member = createKafka(options).consumer({
    groupId: `${prefix}tap`,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: SESSION_MS / 4,
    maxWaitTimeInMs: 250,
    allowAutoTopicCreation: false,
  });
  await member.connect();
  await member.subscribe({ topics: topics.map((topic) => prefix + topic), fromBeginning: true });
  await member.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      const headers = Object.entries(message.headers ?? {});
      onMessage({
        topic: topic.slice(prefix.length),
        partition,
        offset: Number(message.offset),
        key: message.key?.toString() ?? '',
        headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
      });
    },
  });
  return { close: () => member.disconnect() };
}
