/** Each owner of data has its own Postgres server, so that a fault can stop one of them. */
export const DATABASE_OWNERS = ['order', 'payment', 'inventory', 'coordinator'] as const;
export type DatabaseOwner = (typeof DATABASE_OWNERS)[number];

export const PROVIDER_NAMES = ['native', 'docker', 'external'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** Environment variables. Only the CLI reads the variables of the process and passes them on. */
export type Environment = Record<string, string | undefined>;

export type ServerName = `postgres-${DatabaseOwner}` | 'kafka';

/** Kills and restarts servers. Calls for the same server run one after the other. */
export interface ServerControl {
  names: readonly ServerName[];
  /**
   * Ends Postgres by its immediate shutdown, so that its next start begins with crash recovery, and
   * Kafka by SIGKILL. Settles when the process has ended. Does nothing if the server is down.
   */
  kill(name: ServerName): Promise<void>;
  /**
   * Restarts the server on its data and port, unless it runs. Settles when it replies to a client.
   * @throws Failure 'infrastructure-unavailable' with the end of its log, and the server is down;
   *   'interrupted' when the servers are being stopped
   */
  start(name: ServerName): Promise<void>;
}

/** Base URLs of one Jaeger. */
export interface JaegerAddresses {
  /** Serves the pages and the queries. */
  uiUrl: string;
  /** Accepts OTLP over HTTP. */
  otlpUrl: string;
  /** Accepts Jaeger's Thrift over HTTP; not known for every Jaeger. */
  thriftUrl?: string;
}

/** Running servers. Each lab creates its own databases and topics, so labs can share servers. */
export interface Infrastructure {
  provider: ProviderName;
  /** postgres:// URL of a superuser on the maintenance database, password included. */
  databaseUrls: Record<DatabaseOwner, string>;
  /** host:port of each Kafka broker. */
  brokers: string[];
  /** Null when no Jaeger is running. */
  jaeger: JaegerAddresses | null;
  /**
   * The running server processes (name → pid). Empty when this process did not start the servers.
   */
  pids: Record<string, number>;
  /** Kills and restarts servers; null when this process did not start them. */
  servers: ServerControl | null;
  /** Folder with the servers' logs; null when this process did not start them. */
  logsDir: string | null;
  /** Stops the servers that this provider started and removes its files. */
  stop: () => Promise<void>;
}

/** One thing that a provider needs: what was found, and how to get it. */
export interface Requirement {
  what: string;
  found: string | null;
  howToGet: string;
}

export interface Provider {
  name: ProviderName;
  /** A quick check (< 0.5 s). With `found: null` in a requirement, start would fail. */
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
