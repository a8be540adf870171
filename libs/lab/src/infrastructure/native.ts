import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@indoubt/failure';
import { execa } from 'execa';
import { allOrNone } from './files/all-or-none.ts';
import { copyTree } from './files/copy-tree.ts';
import { type InstanceFolder, makeInstanceFolder } from './files/instance-folder.ts';
import { detectJaeger } from './jaeger/detect-jaeger.ts';
import type { JavaRuntime } from './kafka/java-runtime.ts';
import { warmKafka } from './kafka/kafka-client.ts';
import { kafkaJars } from './kafka/kafka-jars.ts';
import { rehearsedKafka } from './kafka/kafka-rehearsal.ts';
import { archiveOption, type StartedBroker, startBroker } from './kafka/kafka-server.ts';
import { nativeParts } from './native-requirements.ts';
import { migratedTemplate } from './postgres/migrated-template.ts';
import type { PostgresBinaries } from './postgres/postgres-binaries.ts';
import { type StartedPostgres, startPostgres } from './postgres/postgres-server.ts';
import { postgresTemplate } from './postgres/postgres-template.ts';
import { type Guard, startGuard } from './process/guard.ts';
import { controlServers, endSignal, pidsOf } from './process/server-control.ts';
import { type ServerProcess, stopServers } from './process/server-process.ts';
import type { Account } from './process/unprivileged-account.ts';
import {
  DATABASE_OWNERS,
  type DatabaseOwner,
  type Environment,
  type Infrastructure,
  type Provider,
  type StartContext,
} from './provider.ts';

/** Servers as processes of this machine: PostgreSQL from npm, Kafka from Maven, no Docker. */
export function nativeProvider(env: Environment, root: string): Provider {
  const parts = nativeParts(env, root);
  return {
    name: 'native',
    requirements: parts.requirements,
    start: async (context) => {
      const { java, binaries, account } = await parts.find();
      const mustRead = ['bin/postgres', 'share/postgresql/postgres.bki'];
      const instance = await makeInstanceFolder(
        context.root,
        account,
        mustRead.map((path) => join(binaries.dir, path)),
      );
      const guard = startGuard({ dir: instance.dir });
      const run = { context, env, java, binaries, account, instance, guard, servers: [] };
      return startAll(run);
    },
  };
}

interface NativeRun {
  context: StartContext;
  env: Environment;
  java: JavaRuntime;
  binaries: PostgresBinaries;
  account: Account | undefined;
  instance: InstanceFolder;
  guard: Guard;
  servers: ServerProcess[];
}

/** Starts all servers in parallel. When one start fails, all others are stopped. */
async function startAll(run: NativeRun): Promise<Infrastructure> {
  const giveUp = new AbortController();
  const signal = AbortSignal.any([run.context.signal, giveUp.signal]);
  const inner = { ...run, context: { ...run.context, signal }, giveUp: () => giveUp.abort() };
  try {
    const [postgres, { brokers, again }, jaeger] = await allOrNone(
      [startDatabases(inner), startKafka(inner), detectJaeger(run.env, run.context.root)],
      inner.giveUp,
    );
    // Not awaited: this takes 0.4 s, while the lab creates its databases.
    const warm = warmKafka(brokers).catch(() => undefined);
    const { servers: processes, guard } = run;
    const park = { processes, guard, again: { ...postgres.again, kafka: again }, signal };
    const { control, settled } = controlServers(park);
    const stop = async (): Promise<void> => {
      giveUp.abort(); // cancels a restart of a server
      await Promise.all([warm, settled()]);
      await stopAll(run);
    };
    return {
      provider: 'native',
      databaseUrls: postgres.urls,
      brokers,
      jaeger,
      get pids() {
        return pidsOf(processes);
      },
      servers: control,
      logsDir: run.instance.logsDir,
      stop: once(stop),
    };
  } catch (error) {
    const failure = await saveLogs(error, run);
    await stopAll(run);
    throw failure;
  }
}

async function startDatabases(run: NativeRun & { giveUp: () => void }): Promise<{
  urls: Infrastructure['databaseUrls'];
  again: Record<`postgres-${DatabaseOwner}`, () => Promise<void>>;
}> {
  const home = {
    binaries: await reachableBinaries(run),
    instance: run.instance,
    account: run.account,
  };
  const template = await postgresTemplate(home, run.context);
  const { guard, servers } = run;
  const { signal, postgresSettings: settings } = run.context;
  const started = (server: ServerProcess): void => void servers.push(server);
  const start = async (owner: DatabaseOwner): Promise<[DatabaseOwner, StartedPostgres]> => {
    const plain = { owner, home, template, guard, signal, started };
    const migrated = await migratedTemplate(plain, run.context);
    const own = settings === undefined ? {} : { settings };
    return [owner, await startPostgres({ ...plain, ...own, template: migrated })];
  };
  const all = await allOrNone(DATABASE_OWNERS.map(start), run.giveUp);
  run.context.progress(`PostgreSQL ${run.binaries.version}: four servers are ready`);
  const urls = Object.fromEntries(all.map(([owner, { url }]) => [owner, url]));
  const again = Object.fromEntries(
    all.map(([owner, server]) => [`postgres-${owner}`, server.again]),
  );
  return { urls, again } as Awaited<ReturnType<typeof startDatabases>>;
}

async function reachableBinaries({ binaries, instance }: NativeRun): Promise<PostgresBinaries> {
  if (!instance.isElsewhere) return binaries;
  const dir = join(instance.dir, 'postgres-programs');
  await copyTree(binaries.dir, dir);
  await execa('chmod', ['-R', 'go+rX', dir]); // root's umask may deny access
  return { ...binaries, dir };
}

async function startKafka(run: NativeRun): Promise<StartedBroker> {
  const { java, guard, servers, context } = run;
  const { dir: instanceDir, logsDir } = run.instance;
  const started = (server: ServerProcess): void => void servers.push(server);
  const jarsDir = await kafkaJars(context);
  const { storageDir, archiveFile } = await rehearsedKafka(
    { java, jarsDir, instanceDir, logsDir, guard, started },
    context,
  );
  const broker = await startBroker({
    name: 'kafka',
    java,
    jarsDir,
    storageDir,
    jvmOptions: archiveOption(archiveFile),
    workDir: join(instanceDir, 'kafka'),
    logFile: join(logsDir, 'kafka.log'),
    guard,
    signal: context.signal,
    started,
  });
  context.progress('Kafka: the broker is ready');
  return broker;
}

/**
 * Stops Postgres by its immediate shutdown and Kafka by SIGKILL, because nobody reads the data
 * again. The guard is released last, so that it cleans up if this process dies before.
 */
async function stopAll({ servers, instance, guard }: NativeRun): Promise<void> {
  await stopServers(servers.map((server) => ({ server, signal: endSignal(server.name) })));
  await rm(instance.dir, { recursive: true, force: true, maxRetries: 3 });
  await guard.release();
}

/** Copies the logs out of the folder that is removed, because the message names a log. */
async function saveLogs(error: unknown, run: NativeRun): Promise<unknown> {
  if (!(error instanceof Failure) || error.code === 'interrupted') return error;
  const { logsDir } = run.instance;
  const copy = join(run.context.root, '.lab', 'logs', 'failed-start');
  try {
    await rm(copy, { recursive: true, force: true });
    await mkdir(copy, { recursive: true });
    await cp(logsDir, copy, { recursive: true });
  } catch {
    return error; // probably a full disk; the message still shows the end of the log
  }
  return new Failure(error.code, error.message.replaceAll(logsDir, copy), { cause: error });
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
