export interface KafkaPlace {
  dataDir: string;
  brokerPort: number;
  controllerPort: number;
}

/** One node that is broker and controller. Only this machine can reach it. */
export function kafkaProperties({ dataDir, brokerPort, controllerPort }: KafkaPlace): string {
  const broker = `PLAINTEXT://127.0.0.1:${brokerPort}`;
  return toProperties({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `${broker},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': broker,
    'log.dirs': dataDir,
    ...SEMANTICS,
    ...SMALL,
  });
}

/** Settings that the lab's services rely on. */
const SEMANTICS = {
  // A misspelt topic is an error, not a new topic with other partitions.
  'auto.create.topics.enable': false,
  // A killed consumer is replaced after its session time-out, which the lab needs to be short.
  'group.initial.rebalance.delay.ms': 0,
  'group.min.session.timeout.ms': 300,
  // A killed broker can register again only after the session time-out of its former process (9 s
  // by default). With a much shorter time-out a busy machine would fence a broker that is only
  // slow.
  'broker.session.timeout.ms': 3000,
  'broker.heartbeat.interval.ms': 500,
  'offsets.topic.replication.factor': 1,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
};

/** Sizes for one machine and a few topics: half the memory and a quicker start. */
const SMALL = {
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.num.partitions': 4,
  // By default the log cleaner allocates 128 MB at the start. The lab's logs are small.
  'log.cleaner.dedupe.buffer.size': 2 * 1024 * 1024,
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
  'num.recovery.threads.per.data.dir': 1,
  'group.coordinator.threads': 1,
  // By default an offset commit waits 5 ms to share its write with others. The lab has few commits.
  'group.coordinator.append.linger.ms': 0,
  'metric.reporters': '',
};

/** In a .properties file a backslash starts an escape sequence. */
function toProperties(values: Record<string, string | number | boolean>): string {
  const escape = (text: string): string => text.replaceAll('\\', '\\\\');
  return Object.entries(values)
    .map(([name, value]) => `${name}=${escape(String(value))}\n`)
    .join('');
}

/** A small heap and the quick compiler: this broker carries thousands of messages, not millions. */
export const JVM_OPTIONS = [
  '-Xms64m',
  '-Xmx320m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  '-XX:+ExitOnOutOfMemoryError',
  // Some JVMs lack some of these options.
  '-XX:+IgnoreUnrecognizedVMOptions',
  '-Djava.awt.headless=true',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
];
