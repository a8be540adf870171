import { join } from 'node:path';
import type { Infrastructure } from '@indoubt/lab';
import { afterAll, beforeAll, inject } from 'vitest';
import { nativeServers } from './start-servers.ts';

/** The checkout. */
export const root = join(import.meta.dirname, '..', '..');

/** What start-servers.ts hands to the processes in which the tests run: plain data. */
export type HandedServers = Pick<
  Infrastructure,
  'provider' | 'databaseUrls' | 'brokers' | 'jaeger' | 'pids' | 'logsDir'
>;

declare module 'vitest' {
  interface ProvidedContext {
    servers: HandedServers;
  }
}

/**
 * The native servers that all files of this run share: each lab makes its own databases and topics
 * on them. They cannot be killed or stopped from a test; whoever must do that takes `ownServers`.
 */
export function sharedServers(): () => Infrastructure {
  return () => ({ ...inject('servers'), servers: null, stop: async () => undefined });
}

/**
 * Native servers for the tests of one file: started before the first, stopped after the last.
 * @returns the servers, once they run
 */
export function ownServers(): () => Infrastructure {
  let servers: Infrastructure | undefined;
  beforeAll(async () => {
    servers = await nativeServers(root);
  });
  afterAll(() => servers?.stop());
  return () => {
    if (servers === undefined) throw new Error('the servers run while tests run, not before');
    return servers;
  };
}
