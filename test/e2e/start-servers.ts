import { join } from 'node:path';
import { chooseProvider, type Infrastructure } from '@indoubt/lab';
import type { TestProject } from 'vitest/node';

/** Each project loads its own copy of this module, so the servers of all are stored globally. */
const shared = globalThis as { inDoubtServers?: Promise<Infrastructure> };

/**
 * Starts the servers of a whole run of these tests, once: a start for each file would cost minutes.
 * @returns what stops them
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.inDoubtServers ??= nativeServers(join(import.meta.dirname, '..', '..'));
  const servers = await shared.inDoubtServers;
  const { databaseUrls, brokers, jaeger, pids, logsDir } = servers;
  project.provide('servers', {
    provider: servers.provider,
    databaseUrls,
    brokers,
    jaeger,
    pids,
    logsDir,
  });
  return servers.stop;
}

export async function nativeServers(root: string): Promise<Infrastructure> {
  const provider = await chooseProvider({ wanted: 'native', env: {}, root });
  const { signal } = new AbortController();
  return provider.start({ root, signal, progress: () => undefined });
}
