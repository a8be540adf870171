import { join } from 'node:path';
import type { Infrastructure } from '@indoubt/lab';
import { afterAll, beforeAll, inject } from 'vitest';
import { nativeServers } from './start-servers.ts';

/** The checkout. */
export const root = join(import.meta.dirname, '..', '..');

/** The plain data that start-servers.ts provides to the processes of the tests. */
export type ProvidedServers = Pick<
  Infrastructure,
  'provider' | 'databaseUrls' | 'brokers' | 'jaeger' | 'pids' | 'logsDir'
>;

declare module 'vitest' {
  interface ProvidedContext {
    servers: ProvidedServers;
  }
}

/**
 * The native servers that all files of this run share. Each lab makes its own databases and topics
 * on them. A test cannot kill or stop these servers: it must use `ownServers` for that.
 */
export function sharedServers(): () => Infrastructure {
  return () => ({ ...inject('servers'), servers: null, stop: async () => undefined });
}

/**
 * Native servers for the tests of one file. They start before its first test and stop after its
 * last test.
 * @returns the running servers; throws before the tests run
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
