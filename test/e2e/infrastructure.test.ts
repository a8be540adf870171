import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createPool } from '@indoubt/database';
import { chooseProvider, type Infrastructure } from '@indoubt/lab';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { isGone } from './is-gone.ts';

const root = join(import.meta.dirname, '..', '..');

async function startNative(signal = new AbortController().signal): Promise<Infrastructure> {
  const provider = await chooseProvider({ wanted: 'native', env: {}, root });
  return provider.start({ root, progress: () => undefined, signal });
}

let servers: Infrastructure;
beforeAll(async () => {
  servers = await startNative();
});
afterAll(() => servers.stop());

test('each owner has a Postgres server of its own with durable settings', async () => {
  const urls = Object.values(servers.databaseUrls);
  expect(new Set(urls.map((url) => new URL(url).port)).size).toBe(4);
  for (const url of urls) {
    const pool = createPool({ url, name: 'infrastructure test', connectionsMax: 1 });
    const { rows } = await pool.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings
        where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_level',
                       'max_prepared_transactions', 'listen_addresses', 'server_version')`,
    );
    await pool.end();
    const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
    expect(settings).toMatchObject({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      wal_level: 'replica',
      max_prepared_transactions: '64',
      listen_addresses: '127.0.0.1',
      server_version: expect.stringMatching(/^18\./),
    });
  }
});

test('Postgres refuses a wrong password from the same machine', async () => {
  const url = new URL(servers.databaseUrls.order);
  url.password = 'wrong';
  const pool = createPool({ url: url.href, name: 'infrastructure test', connectionsMax: 1 });
  await expect(pool.query('select 1')).rejects.toMatchObject({ code: '28P01' });
  await pool.end();
});

test('the broker answers a request of the Kafka protocol', async () => {
  const [host = '', port = ''] = servers.brokers[0]?.split(':') ?? [];
  const socket = connect(Number(port), host);
  // ApiVersions, version 0, correlation id 7, no client id: the first request of every client.
  socket.write(Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 255, 255]));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(answer.readInt32BE(4)).toBe(7);
  expect(answer.readInt16BE(8)).toBe(0);
});

test('a second set of servers runs beside the first, and its stop leaves nothing', async () => {
  const second = await startNative();
  const pids = Object.values(second.pids);
  const instanceDir = dirname(second.logsDir ?? '');
  expect(pids).toHaveLength(5);
  expect(pids.map(isGone)).toEqual([false, false, false, false, false]);
  expect(second.brokers).not.toEqual(servers.brokers);
  await second.stop();
  expect(pids.map(isGone)).toEqual([true, true, true, true, true]);
  expect(existsSync(instanceDir)).toBe(false);
  await second.stop(); // a second stop does nothing
});

test('an interrupted start of the servers fails with the code interrupted', async () => {
  await expect(startNative(AbortSignal.timeout(300))).rejects.toMatchObject({
    code: 'interrupted',
  });
});

test('the guard ends the servers when their owner is killed with SIGKILL', async () => {
  const script = `
    import { chooseProvider } from '@indoubt/lab';
    const root = ${JSON.stringify(root)};
    const provider = await chooseProvider({ wanted: 'native', env: {}, root });
    const { signal } = new AbortController();
    const { pids, logsDir } = await provider.start({ root, progress: () => {}, signal });
    console.log(JSON.stringify({ pids: Object.values(pids), logsDir }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(owner, 'exit').then(() => Promise.reject(new Error('its owner ended')));
  const said = once(createInterface({ input: owner.stdout }), 'line');
  const [line] = (await Promise.race([said, ended])) as [string];
  const { pids, logsDir } = JSON.parse(line) as { pids: number[]; logsDir: string };
  expect(pids.map(isGone)).toEqual([false, false, false, false, false]);
  owner.kill('SIGKILL');
  await expect(ended).rejects.toThrow('its owner ended');
  await vi.waitFor(() => expect(existsSync(dirname(logsDir))).toBe(false), {
    timeout: scaled(5000),
  });
  expect(pids.map(isGone)).toEqual([true, true, true, true, true]);
});
