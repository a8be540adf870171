import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@indoubt/lab';
import { vi } from 'vitest';
import { z } from 'zod';
import { scaled } from '../runner/slowness.ts';
import { root } from './shared-servers.ts';

/** An alert that is pending or firing. */
export interface Alert {
  /** The name of the alert and the service that it is about. */
  name: string;
  state: string;
}

/** A Prometheus for one test; `await using` ends it and removes its files. */
export interface OpenPrometheus extends AsyncDisposable {
  /** The current value of an expression: one number for each series. */
  query(expression: string): Promise<number[]>;
  /** Waits (bounded) until the answer fits. */
  becomes(expression: string, fits: (values: number[]) => boolean): Promise<void>;
  alerts(): Promise<Alert[]>;
  /** Waits (bounded) until the firing alerts fit. @returns the names of all firing alerts */
  firing(fits: (names: string[]) => boolean): Promise<string[]>;
}

const WITHIN_MS = scaled(30_000);
const PAUSE_MS = 100;
const DEPLOY = join(root, 'deploy', 'prometheus');

const alertsAnswer = z.object({
  data: z.object({
    alerts: z.array(
      z.object({
        state: z.string(),
        labels: z.object({ alertname: z.string(), service: z.string() }),
      }),
    ),
  }),
});
const queryAnswer = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/**
 * Starts Prometheus with native.yml and its rules on loopback, as the documentation describes.
 * @param program  the path of Prometheus
 * @param targets  the content of the targets file that native.yml names
 */
export async function openPrometheus(program: string, targets: unknown): Promise<OpenPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'in-doubt-prometheus-'));
  const native = await readFile(join(DEPLOY, 'native.yml'), 'utf8');
  const file = join(folder, 'targets.json');
  await writeFile(file, JSON.stringify(targets));
  await cp(join(DEPLOY, 'alerts.yml'), join(folder, 'alerts.yml'));
  const config = native.replace('../../.lab/metrics-targets.json', file);
  await writeFile(join(folder, 'prometheus.yml'), config);
  const [port] = await freePorts(1);
  const child = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const close = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const prometheus = clientOf(`http://127.0.0.1:${port}`);
  try {
    await eventually('it is ready', () => isReady(child, `http://127.0.0.1:${port}/-/ready`));
  } catch (error) {
    await close();
    throw error;
  }
  return { ...prometheus, [Symbol.asyncDispose]: close };
}

function clientOf(url: string): Omit<OpenPrometheus, keyof AsyncDisposable> {
  const get = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();
  const query = async (expression: string) => {
    const answer = await get(`/api/v1/query?query=${encodeURIComponent(expression)}`);
    return queryAnswer.parse(answer).data.result.map(({ value: [, value] }) => Number(value));
  };
  const alerts = async () => {
    const answer = alertsAnswer.parse(await get('/api/v1/alerts'));
    return answer.data.alerts.map(({ state, labels: { alertname, service } }) => ({
      name: `${alertname} ${service}`,
      state,
    }));
  };
  return {
    query,
    alerts,
    becomes: (expression, fits) =>
      eventually(expression, async () => (fits(await query(expression)) ? true : undefined)).then(
        () => undefined,
      ),
    firing: (fits) =>
      eventually(`alerts that fit ${String(fits)}`, async () => {
        const firing = (await alerts()).filter(({ state }) => state === 'firing');
        const names = firing.map(({ name }) => name).toSorted();
        return fits(names) ? names : undefined;
      }),
  };
}

/** Polls (bounded) until `read` returns a value. */
function eventually<T>(what: string, read: () => Promise<T | undefined>): Promise<T> {
  return vi.waitFor(
    async () => {
      const found = await read();
      if (found === undefined) throw new Error(`Prometheus: did not come: ${what}`);
      return found;
    },
    { timeout: WITHIN_MS, interval: PAUSE_MS },
  );
}

async function isReady(child: ChildProcess, url: string): Promise<true | undefined> {
  if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}`);
  const answer = await fetch(url).catch(() => undefined);
  return answer?.ok === true ? true : undefined;
}
