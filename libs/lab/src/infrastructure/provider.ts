/** One owner of data, one Postgres server: the unit that a fault can take away. */
export const DATABASE_OWNERS = ['order', 'payment', 'inventory'] as const;
export type DatabaseOwner = (typeof DATABASE_OWNERS)[number];

export const PROVIDER_NAMES = ['native', 'docker', 'external'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

/** Running servers. The lab makes its own databases and topics on them, so several labs can share one. */
export interface Infrastructure {
  provider: ProviderName;
  /** postgres:// URL of a superuser on the maintenance database, password included. */
  databaseUrls: Record<DatabaseOwner, string>;
  /** host:port of each Kafka broker. */
  brokers: string[];
  /** Base URL of Jaeger's UI and query API, and where OTLP over HTTP goes; null when none answers. */
  jaeger: { uiUrl: string; otlpUrl: string } | null;
  /** The server processes we started (name → pid), so that `status` can show them. Empty when they are not ours. */
  pids: Record<string, number>;
  /** Folder with the servers' logs, or null when they are not ours. */
  logsDir: string | null;
  /** Stops what this provider started and removes its temporary files; never throws for a server already gone. */
  stop(): Promise<void>;
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
  requirements(): Promise<Requirement[]>;
  /** @throws Failure 'infrastructure-unavailable' whose detail names the cause, the log file and the next step */
  start(context: StartContext): Promise<Infrastructure>;
}

export interface StartContext {
  /** The checkout; caches live in `<root>/.lab`, which git ignores. */
  root: string;
  /** One line of progress for a person, e.g. "Kafka 4.1.1: fetching 46 jars (once)". */
  progress(line: string): void;
  /** Aborted on Ctrl-C: start gives up, stops what it had started, and throws. */
  signal: AbortSignal;
}
