import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from '@indoubt/database';
import { freePorts, type Infrastructure } from '@indoubt/lab';
import { vi } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { type ComposeService, composeText, readCompose } from './compose-file.ts';
import { followDockerfile, type ImageFiles } from './image-files.ts';
import { nativeSettings } from './native-settings.ts';
import type { Shop, ShopProvider } from './shop.ts';
import { collectSpans } from './span-collector.ts';

const HEALTHY_WITHIN_MS = scaled(60_000);
const POLL_EVERY_MS = 200;

/**
 * The shop from the files of its images and with the settings of its compose file, on servers of
 * this machine. This is the shop that Docker would run, without Docker.
 */
export const nativeShops: ShopProvider = {
  name: 'native',
  missing: () => Promise.resolve(undefined),
  start,
};

interface Running {
  name: string;
  child: ChildProcess;
  files: ImageFiles;
  env: Record<string, string>;
  log: string;
}

async function start(servers: Infrastructure): Promise<Shop> {
  const { services } = readCompose(composeText());
  const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);
  const isJob = ([, { build }]: [string, ComposeService]) => build?.target === 'set-up';
  const folder = await mkdtemp(join(tmpdir(), 'in-doubt-images-'));
  const ports = await freePorts(ours.length);
  const collector = await collectSpans();
  const settings = nativeSettings({
    servers,
    ports: new Map(ours.map(([name], index) => [name, ports[index] ?? 0])),
    otlpUrl: collector.url,
    dataDir: folder,
    id: randomBytes(4).toString('hex'),
  });
  const imageOf = await imagesOf(folder);
  const running: Running[] = [];
  const launch = async ([name, service]: [string, ComposeService]) => {
    const files = await imageOf(service.build?.args['SERVICE'] ?? '');
    running.push(launched(name, files, settings.of(name, service.environment), folder));
  };
  const end = async (): Promise<string[]> => {
    const ends = await Promise.all(running.map(ended));
    await collector.close();
    await dropDatabases(servers, settings.databases);
    await rm(folder, { recursive: true });
    return ends.flat();
  };
  let ending: Promise<string[]> | undefined;
  const stop = () => (ending ??= end());
  try {
    const jobs = ours.filter(isJob);
    // Jobs run twice, since each `up` runs them again: the second run finds its work done.
    for (const job of [...jobs, ...jobs]) {
      await launch(job);
      await Promise.all(running.splice(0).map(finished));
    }
    for (const service of ours.filter((each) => !isJob(each))) await launch(service);
    await Promise.all(running.map(healthy));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    urlOf: (name) => settings.urlOf(name),
    traced: () => Promise.resolve(collector.services()),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** Makes each image once, also if several containers use it. */
async function imagesOf(folder: string): Promise<(name: string) => Promise<ImageFiles>> {
  const build = await followDockerfile(folder);
  const made = new Map<string, Promise<ImageFiles>>();
  return (name) => {
    const files = made.get(name) ?? build(name);
    made.set(name, files);
    return files;
  };
}

function launched(
  name: string,
  files: ImageFiles,
  env: Record<string, string>,
  folder: string,
): Running {
  const log = join(folder, `${name}.log`);
  const fd = openSync(log, 'a');
  const [, ...args] = files.command;
  const child = spawn(process.execPath, args, {
    cwd: files.cwd,
    env,
    stdio: ['ignore', fd, fd],
  });
  closeSync(fd);
  return { name, child, files, env, log };
}

async function finished({ name, child, log }: Running): Promise<void> {
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`${name}: ${await readFile(log, 'utf8')}`);
}

async function healthy({ name, child, files, env, log }: Running): Promise<void> {
  const [, ...args] = files.healthcheck;
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) return;
      const probe = spawn(process.execPath, args, { env, stdio: 'ignore' });
      const [code] = (await once(probe, 'exit')) as [number];
      if (code !== 0) throw new Error(`${name} is not ready: ${await readFile(log, 'utf8')}`);
    },
    { timeout: HEALTHY_WITHIN_MS, interval: POLL_EVERY_MS },
  );
  if (child.exitCode !== null) throw new Error(`${name} ended: ${await readFile(log, 'utf8')}`);
}

/** Ends a service with SIGTERM, after which it must exit with 0. @returns faults, in words */
async function ended({ name, child }: Running): Promise<string[]> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  return child.exitCode === 0 ? [] : [`${name} ended with ${child.exitCode ?? child.signalCode}`];
}

async function dropDatabases({ databaseUrls }: Infrastructure, names: string[]): Promise<void> {
  for (const url of Object.values(databaseUrls)) {
    const pool = createPool({ url, name: 'containers test', connectionsMax: 1 });
    for (const name of names) await pool.query(`drop database if exists ${name} with (force)`);
    await pool.end();
  }
}
