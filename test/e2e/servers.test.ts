import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { autocommit, createPool, finishPrepared, listPrepared } from '@indoubt/database';
import { chooseProvider, type Infrastructure } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { openLab } from './open-lab.ts';
import { ownServers, root } from './shared-servers.ts';

const servers = ownServers();

type Control = NonNullable<Infrastructure['servers']>;

function controlOf({ servers: control }: Infrastructure): Control {
  if (control === null) throw new Error('these servers were not started by this test');
  return control;
}

function poolOf(url: string) {
  return createPool({ url, name: 'servers test', connectionsMax: 1, patient: true });
}

function isThere(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('committed rows and prepared transactions survive a kill of Postgres', async () => {
  const { databaseUrls, logsDir, pids } = servers();
  const before = poolOf(databaseUrls.payment);
  await before.query('create table kept (what text)');
  await before.query("insert into kept values ('committed')");
  await before.query("begin; insert into kept values ('prepared'); prepare transaction 'kept'");
  await before.query("begin; insert into kept values ('open')");
  await controlOf(servers()).kill('postgres-payment');
  expect(isThere(pids['postgres-payment'])).toBe(false);
  expect(servers().pids).not.toHaveProperty('postgres-payment');
  await before.end();

  await controlOf(servers()).start('postgres-payment');
  expect(isThere(servers().pids['postgres-payment'])).toBe(true);
  const after = poolOf(databaseUrls.payment);
  const prepared = await listPrepared(autocommit(after));
  expect(prepared.map(({ gid }) => gid)).toEqual(['kept']);
  expect(await finishPrepared(after, 'kept', 'commit')).toBe(true);
  const { rows } = await after.query<{ what: string }>('select what from kept order by what');
  expect(rows).toEqual([{ what: 'committed' }, { what: 'prepared' }]);
  await after.query('drop table kept');
  await after.end();
  const log = await readFile(join(logsDir ?? '', 'postgres-payment.log'), 'utf8');
  expect(log).toContain('automatic recovery in progress');
  expect(log.match(/ready to accept connections/g)?.length).toBeGreaterThan(1);
});

test('an unacknowledged message is delivered again after a kill of Kafka', async () => {
  const chaos = { rules: 'payment:handled-not-acknowledged=crash@1' };
  await using open = await openLab(servers(), { chaos, leftDead: ['payment'] });
  const lines = [{ sku: 'tea', quantity: 1 }];
  const orderId = await open.placeOrder({ customerId: 'alice', lines });
  await open.lab.services.died('payment');
  await controlOf(servers()).kill('kafka');
  expect(servers().pids).not.toHaveProperty('kafka');
  await controlOf(servers()).start('kafka');
  await open.lab.services.restart('payment');
  await open.event((line) => {
    const isCapture = line.event === 'message-handled' && line.step === 'capture-payment';
    return isCapture && line.how === 'repeat';
  });
  await open.reaches(orderId, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
});

test('repeated and concurrent start and kill commands of a server run in turn', async () => {
  const control = controlOf(servers());
  const { 'postgres-order': first } = servers().pids;
  await control.start('postgres-order');
  expect(servers().pids['postgres-order']).toBe(first);
  const name = 'postgres-order';
  await Promise.all([control.kill(name), control.kill(name), control.start(name)]);
  const { 'postgres-order': second } = servers().pids;
  expect(second).not.toBe(first);
  expect([isThere(first), isThere(second)]).toEqual([false, true]);
});

test('a server that died by itself can be started again', async () => {
  const pid = servers().pids['postgres-inventory'] ?? 0;
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => servers().pids).not.toHaveProperty('postgres-inventory');
  await controlOf(servers()).start('postgres-inventory');
  expect(isThere(servers().pids['postgres-inventory'])).toBe(true);
});

test('a stop during the start of a server leaves no server running', async () => {
  const { signal } = new AbortController();
  const provider = await chooseProvider({ wanted: 'native', env: {}, root });
  const own = await provider.start({ root, progress: () => undefined, signal });
  const control = controlOf(own);
  await Promise.all([control.kill('kafka'), control.kill('postgres-order')]);
  await control.start('postgres-order');
  const pids = Object.values(own.pids);
  expect(pids).toHaveLength(4);
  const kafka = control.start('kafka').catch((error: unknown) => error);
  await own.stop();
  expect(await kafka).toMatchObject({ code: 'interrupted' });
  expect(pids.filter(isThere)).toEqual([]);
  expect(own.pids).toEqual({});
  expect(existsSync(dirname(own.logsDir ?? ''))).toBe(false);
  await expect(control.start('kafka')).rejects.toMatchObject({ code: 'interrupted' });
});

test('the guard ends restarted servers when their owner is killed with SIGKILL', async () => {
  const script = `
    import { chooseProvider } from '@indoubt/lab';
    const root = ${JSON.stringify(root)};
    const provider = await chooseProvider({ wanted: 'native', env: {}, root });
    const { signal } = new AbortController();
    const own = await provider.start({ root, progress: () => {}, signal });
    for (const name of ['postgres-order', 'kafka']) {
      await own.servers.kill(name);
      await own.servers.start(name);
    }
    console.log(JSON.stringify({ pids: Object.values(own.pids), logsDir: own.logsDir }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  const { pids, logsDir } = JSON.parse(line) as { pids: number[]; logsDir: string };
  expect(pids.filter(isThere)).toHaveLength(5);
  owner.kill('SIGKILL');
  await expect.poll(() => existsSync(dirname(logsDir)), { timeout: scaled(5000) }).toBe(false);
  await expect.poll(() => pids.filter(isThere), { timeout: scaled(5000) }).toEqual([]);
});
