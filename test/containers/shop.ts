import type { Infrastructure } from '@indoubt/lab';

/** The whole shop as docker-compose.yml describes it, up and healthy. */
export interface Shop extends AsyncDisposable {
  /** The HTTP of a service of the compose file. */
  urlOf(service: string): string;
  /** The names of the services whose spans have arrived where they are sent to. */
  traced(): Promise<string[]>;
  /** Ends it as `docker compose down` does. @returns what did not end well, in words */
  stop(): Promise<string[]>;
}

/** Where a shop can be had: one suite for all of them. */
export interface ShopProvider {
  name: string;
  /** Why it cannot be had here; undefined when it can. */
  missing(): Promise<string | undefined>;
  /** @param servers  native ones, for a provider without servers of its own */
  start(servers: Infrastructure): Promise<Shop>;
}
