import kafkajs, { Kafka, logLevel, Partitioners } from 'kafkajs';

// Node finds the other names of this CommonJS package by itself, and not this one.
const { ConfigResourceTypes } = kafkajs;

// Not libs/platform/broker: that package is for services, which wait while the broker is away.
// Here the question is whether the broker is there.
function connectTo(brokers: string[], retries: number): Kafka {
  return new Kafka({
    clientId: 'in-doubt-lab',
    brokers,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2000,
    requestTimeout: 5000,
    retry: { retries, initialRetryTime: 50, maxRetryTime: 200 },
  });
}

/**
 * True when a broker answers a client and the cluster has a controller, so topics can be made.
 * @param dataDir  given, only the broker that writes there counts: another lab's may have bound the
 *   port a moment before ours
 */
export async function kafkaAnswers(brokers: string[], dataDir?: string): Promise<boolean> {
  const admin = connectTo(brokers, 0).admin();
  try {
    await admin.connect();
    const { controller } = await admin.describeCluster();
    if (controller === null || dataDir === undefined) return controller !== null;
    const name = String(controller);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.BROKER, name, configNames: ['log.dirs'] }],
    });
    return resources[0]?.configEntries[0]?.configValue === dataDir;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

// At most 200 ms apart. A fresh broker needs three; for one that was killed, 2 s are enough.
const PATIENT_RETRIES = 10;

/**
 * Has the broker do what it does on first use only: make the topic of consumer offsets. Until
 * then consumers are refused and back off; asked for now, it is there when the lab has databases.
 */
export async function warmKafka(brokers: string[]): Promise<void> {
  const admin = connectTo(brokers, PATIENT_RETRIES).admin();
  try {
    await admin.connect();
    await admin.describeGroups(['in-doubt-warm-up']);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

const REHEARSAL_TOPIC = 'rehearsal';

/**
 * One message there and back: now the broker has loaded the classes the lab will need.
 * @param signal  ends the wait for the message
 */
export async function converse(brokers: string[], signal: AbortSignal): Promise<void> {
  await warmKafka(brokers);
  const kafka = connectTo(brokers, PATIENT_RETRIES);
  const admin = kafka.admin();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const consumer = kafka.consumer({
    groupId: REHEARSAL_TOPIC,
    retry: { retries: PATIENT_RETRIES },
  });
  try {
    await Promise.all([admin.connect(), producer.connect(), consumer.connect()]);
    await admin.createTopics({ topics: [{ topic: REHEARSAL_TOPIC }], waitForLeaders: true });
    await producer.send({ topic: REHEARSAL_TOPIC, messages: [{ key: 'k', value: 'v' }] });
    await consumer.subscribe({ topic: REHEARSAL_TOPIC, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => resolve());
      consumer.run({ eachMessage: async () => resolve() }).catch(reject);
    });
  } finally {
    await Promise.allSettled([admin.disconnect(), producer.disconnect(), consumer.disconnect()]);
  }
}
