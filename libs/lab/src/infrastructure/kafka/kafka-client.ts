import kafkajs, { Kafka, logLevel, Partitioners } from 'kafkajs';

// Node cannot import this name directly from the CommonJS package.
const { ConfigResourceTypes } = kafkajs;

// Not libs/platform/broker: a service waits while the broker is down. This client must fail soon.
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
 * True when a broker replies and the cluster has a controller, so that topics can be created.
 * @param dataDir  if given, the broker must write to this folder: a broker of another lab may have
 *   bound the port just before ours
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

// At most 200 ms apart. A new broker needs three retries, and a restarted broker needs up to 2 s.
const PATIENT_RETRIES = 10;

/**
 * Makes the broker create the topic of consumer offsets, which it creates on first use. Until then
 * consumers are refused and back off. Created now, the topic exists when the lab starts.
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
 * Sends and receives one message, so that the broker loads the classes that a lab needs.
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
