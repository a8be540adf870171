import { join } from 'node:path';
import { Client } from 'pg';
import { copyTree } from './copy-tree.ts';
import { readLog } from './explain-log.ts';
import { freePorts } from './free-ports.ts';
import type { Guard } from './guard.ts';
import { postgresArguments, postgresUrl } from './postgres-settings.ts';
import type { PostgresHome, PostgresTemplate } from './postgres-template.ts';
import type { DatabaseOwner } from './provider.ts';
import { type ServerProcess, startServer, untilReady } from './server-process.ts';

const READY_MS = 20_000; // 0.2 s when idle; crash recovery on a busy machine takes longest
const PORT_ATTEMPTS = 3;

export interface StartPostgres {
  owner: DatabaseOwner;
  home: PostgresHome;
  template: PostgresTemplate;
  guard: Guard;
  signal: AbortSignal;
  /** Told of each process as soon as there is one, so that it is stopped whatever happens next. */
  started: (server: ServerProcess) => void;
}

/**
 * Starts one owner's server on a copy of the template.
 * @returns its URL
 * @throws Failure 'infrastructure-unavailable' with the end of its log; 'interrupted' on abort
 */
export async function startPostgres(start: StartPostgres): Promise<string> {
  const dataDir = dataDirOf(start);
  await copyTree(start.template.dataDir, dataDir);
  for (let attempt = 1; ; attempt++) {
    const [port] = (await freePorts(1)) as [number];
    const server = await spawnPostgres(start, dataDir, port);
    start.started(server);
    const url = postgresUrl(port, start.template.password, start.template.database);
    try {
      await untilReady(server, {
        probe: () => answers(url, dataDir),
        timeoutMs: READY_MS,
        signal: start.signal,
      });
      return url;
    } catch (error) {
      // Somebody bound the port between our look and its start: that is no reason to give up.
      const portTaken = /could not bind/.test(await readLog(server.logFile));
      if (!portTaken || attempt === PORT_ATTEMPTS || start.signal.aborted) throw error;
    }
  }
}

/** Where the owner's server of this instance has its data. */
export function dataDirOf({ home, owner }: StartPostgres): string {
  return join(home.instance.dir, `postgres-${owner}`);
}

function spawnPostgres(
  { owner, home, guard }: StartPostgres,
  dataDir: string,
  port: number,
): Promise<ServerProcess> {
  return startServer({
    name: `postgres-${owner}`,
    command: join(home.binaries.dir, 'bin', 'postgres'),
    args: postgresArguments(dataDir, port),
    cwd: dataDir,
    logFile: join(home.instance.logsDir, `postgres-${owner}.log`),
    guard,
    lastSignal: 'QUIT',
    account: home.account,
    // Nothing of ours: PGDATA, PGPORT and the like would change what it does.
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
}

/** Ours, and not another lab's, which may have bound the port a moment before. */
async function answers(url: string, dataDir: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined); // reported by the call that fails as well
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === dataDir;
  } finally {
    await client.end().catch(() => undefined);
  }
}
