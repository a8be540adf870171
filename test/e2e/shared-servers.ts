import { join } from 'node:path';
import { chooseProvider, type Infrastructure } from '@indoubt/lab';
import { afterAll, beforeAll } from 'vitest';

/** The checkout. */
export const root = join(import.meta.dirname, '..', '..');

/**
 * Native servers for the tests of one file: started before the first, stopped after the last.
 * @returns the servers, once they run
 */
export function sharedServers(): () => Infrastructure {
  let servers: Infrastructure | undefined;
  beforeAll(async () => {
    const provider = await chooseProvider({ wanted: 'native', env: {}, root });
    const { signal } = new AbortController();
    servers = await provider.start({ root, signal, progress: () => undefined });
  });
  afterAll(() => servers?.stop());
  return () => {
    if (servers === undefined) throw new Error('the servers run while tests run, not before');
    return servers;
  };
}
