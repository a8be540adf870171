import { join } from 'node:path';
import { Client } from 'pg';
import { copyTree } from '../files/copy-tree.ts';
import { freePorts } from '../free-ports.ts';
import { readLog } from '../process/explain-log.ts';
import type { Guard } from '../process/guard.ts';
import { type ServerProcess, startServer, untilReady } from '../process/server-process.ts';
import type { DatabaseOwner } from '../provider.ts';
import { postgresArguments, postgresUrl } from './postgres-settings.ts';
import type { PostgresHome, PostgresTemplate } from './postgres-template.ts';

const READY_MS = 20_000; // 0.2 s on an idle machine; longer for crash recovery on a busy one
const PORT_ATTEMPTS = 3;

export interface StartPostgres {
  owner: DatabaseOwner;
  home: PostgresHome;
  template: PostgresTemplate;
  guard: Guard;
  signal: AbortSignal;
  /** Settings that replace the lab's settings of the same name. */
  settings?: Record<string, string>;
  /** Called with each process at once, so that it is stopped even if its start fails. */
  started: (server: ServerProcess) => void;
}

/** A server that was started. */
export interface StartedPostgres {
  url: string;
  /** Restarts the server after its end on the same data and port. @throws as the first start */
  again: () => Promise<void>;
}

/**
 * Starts one owner's server on a copy of the template.
 * @throws Failure 'infrastructure-unavailable' with the end of its log; 'interrupted' on abort
 */
export async function startPostgres(start: StartPostgres): Promise<StartedPostgres> {
  await copyTree(start.template.dataDir, dataDirOf(start));
  for (let attempt = 1; ; attempt++) {
    const [port] = (await freePorts(1)) as [number];
    const url = postgresUrl(port, start.template.password, start.template.database);
    try {
      await runPostgres(start, port, url);
      return { url, again: () => runPostgres(start, port, url) };
    } catch (error) {
      // Another program bound the port between our check and the start: try again with another
      // port.
      const portTaken = /could not bind/.test(await readLog(logFileOf(start)));
      if (!portTaken || attempt === PORT_ATTEMPTS || start.signal.aborted) throw error;
    }
  }
}

/** Starts a server on existing data, and waits until it replies. */
async function runPostgres(start: StartPostgres, port: number, url: string): Promise<void> {
  const dataDir = dataDirOf(start);
  const server = await spawnPostgres(start, dataDir, port);
  start.started(server);
  const probe = (): Promise<boolean> => answers(url, dataDir);
  await untilReady(server, { probe, timeoutMs: READY_MS, signal: start.signal });
}

function logFileOf({ home, owner }: StartPostgres): string {
  return join(home.instance.logsDir, `postgres-${owner}.log`);
}

/** The data folder of the owner's server. */
export function dataDirOf({ home, owner }: StartPostgres): string {
  return join(home.instance.dir, `postgres-${owner}`);
}

function spawnPostgres(
  start: StartPostgres,
  dataDir: string,
  port: number,
): Promise<ServerProcess> {
  const { owner, home, guard, settings } = start;
  return startServer({
    name: `postgres-${owner}`,
    command: join(home.binaries.dir, 'bin', 'postgres'),
    args: postgresArguments(dataDir, port, settings),
    cwd: dataDir,
    logFile: logFileOf(start),
    guard,
    lastSignal: 'QUIT',
    account: home.account,
    // Not this process's environment: PGDATA, PGPORT and similar variables change the server.
    env: { LC_ALL: 'C', TZ: 'UTC' },
  });
}

/** Checks the data folder, because a server of another lab may have bound the port just before. */
async function answers(url: string, dataDir: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined); // the failing call reports the error too
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === dataDir;
  } finally {
    await client.end().catch(() => undefined);
  }
}
