/** One owner of data, one Postgres server: the unit that a fault can take away. */
export const DATABASE_OWNERS = ['order', 'payment', 'inventory', 'coordinator'] as const;
export type DatabaseOwner = (typeof DATABASE_OWNERS)[number];

export const PROVIDER_NAMES = ['native', 'docker', 'external'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** Environment variables, handed in by the CLI: the one place that reads the process's own. */
export type Environment = Record<string, string | undefined>;

export type ServerName = `postgres-${DatabaseOwner}` | 'kafka';

/** Servers that can be killed and started again. What is asked of one server happens in turn. */
export interface ServerControl {
  names: readonly ServerName[];
  /**
   * Postgres ends by its immediate shutdown, so that its next start begins with crash recovery;
   * Kafka by SIGKILL. Settles when the process is gone; one that is down already is fine.
   */
  kill(name: ServerName): Promise<void>;
  /**
   * Starts it again on its data and its port, unless it runs; settles when a client has had an
   * answer.
   * @throws Failure 'infrastructure-unavailable' with the end of its log, and then it is down;
   *   'interrupted' when the servers are being stopped
   */
  start(name: ServerName): Promise<void>;
}

/** Base URLs of one Jaeger. */
export interface JaegerAddresses {
  /** Its pages, and its queries. */
  uiUrl: string;
  /** Takes OTLP over HTTP. */
  otlpUrl: string;
  /** Takes Jaeger's own Thrift over HTTP; not known of every Jaeger. */
  thriftUrl?: string;
}

/** Running servers. Each lab makes databases and topics of its own, so several can share them. */
export interface Infrastructure {
  provider: ProviderName;
  /** postgres:// URL of a superuser on the maintenance database, password included. */
  databaseUrls: Record<DatabaseOwner, string>;
  /** host:port of each Kafka broker. */
  brokers: string[];
  /** Null when none answers. */
  jaeger: JaegerAddresses | null;
  /**
   * The server processes we started (name → pid) as they are now: a server that is down is not in
   * it. Empty when they are not ours.
   */
  pids: Record<string, number>;
  /** Kills them and starts them again; null where this process did not start them. */
  servers: ServerControl | null;
  /** Folder with the servers' logs, or null when they are not ours. */
  logsDir: string | null;
  /** Stops what this provider started, removes its files; a server already gone is no error. */
  stop: () => Promise<void>;
}

/** What a provider needs, what of it is here, and how to get the rest. */
export interface Requirement {
  what: string;
  found: string | null;
  howToGet: string;
}

export interface Provider {
  name: ProviderName;
  /** Cheap look (< 0.5 s); a requirement with `found: null` means that start would fail. */
  requirements: () => Promise<Requirement[]>;
  /** @throws Failure 'infrastructure-unavailable': the cause, the log file and the next step */
  start: (context: StartContext) => Promise<Infrastructure>;
}

export interface StartContext {
  /** The checkout; caches live in `<root>/.lab`, which git ignores. */
  root: string;
  /** One line of progress for a person, e.g. "Kafka 4.1.1: fetching 46 jars (once)". */
  progress: (line: string) => void;
  /** Aborted on Ctrl-C: start gives up, stops what it had started, and throws. */
  signal: AbortSignal;
  /** Native servers only: settings of Postgres in place of the lab's own, for a measurement. */
  postgresSettings?: Record<string, string>;
}
