import type { Infrastructure } from '@indoubt/lab';

/** The whole shop as docker-compose.yml describes it, up and healthy. */
export interface Shop extends AsyncDisposable {
  /** The HTTP address of a service of the compose file. */
  urlOf(service: string): string;
  /** The names of the services whose spans have arrived at the collector. */
  traced(): Promise<string[]>;
  /** Ends the shop as `docker compose down` does. @returns faults of the end, in words */
  stop(): Promise<string[]>;
}

/** A place where the shop can run, natively or in Docker. The same test runs on each. */
export interface ShopProvider {
  name: string;
  /** The reason why this machine cannot run the shop; undefined if it can. */
  missing(): Promise<string | undefined>;
  /** @param servers  native servers, for a provider without servers of its own */
  start(servers: Infrastructure): Promise<Shop>;
}
