import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { runCli } from './run-cli.ts';
import { root } from './shared-servers.ts';

/** A checkout of its own: in the real checkout a person may have a lab up. */
let checkout: string;

beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'in-doubt up '));
  const copies = ['libs', 'services', 'scenarios', 'package.json'].map((name) =>
    cp(join(root, name), join(checkout, name), { recursive: true, verbatimSymlinks: true }),
  );
  await mkdir(join(checkout, '.lab'));
  const links = ['node_modules', join('.lab', 'cache')].map((name) =>
    symlink(join(root, name), join(checkout, name)),
  );
  await Promise.all([...copies, ...links]);
});
afterAll(async () => {
  await scenario(['down']);
  await rm(checkout, { recursive: true, force: true });
});

const scenario = (args: string[], env: Record<string, string> = {}) =>
  runCli(args, { checkout, env });

test('the chaos commands arm, list, release and clear faults of a lab that is up', async () => {
  const early = await scenario(['chaos', 'list']);
  expect(early).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("'scenario up --chaos'"),
  });

  const up = await scenario(['up', '--chaos', '--json']);
  expect(up.code).toBe(0);
  const { services } = (JSON.parse(up.stdout) as Up).endpoints;
  const set = ['chaos', 'set', 'inventory:acted-not-committed=pause; relay-order:*=delay(1ms)'];
  expect(await scenario(set)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^ {2}inventory +inventory:acted-not-committed=pause {2}\(reached 0/m,
    ),
  });
  const wrong = await scenario(['chaos', 'set', 'inventory:acted-not-comitted=pause']);
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Did you mean 'acted-not-committed'?"),
  });

  const url = services.find(({ name }) => name === 'order')?.url ?? '';
  const order = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
  const placed = await fetch(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'one-tea' },
    body: JSON.stringify(order),
  });
  const { id } = (await placed.json()) as { id: string };
  await expect
    .poll(() => listed('inventory'), { timeout: scaled(10_000) })
    .toMatchObject([{ fired: 1 }]);
  expect(await statusOf(url, id)).toBe('PENDING');
  const released = await scenario(['chaos', 'release', 'inventory:acted-not-committed']);
  expect(released.stdout).toBe('1 resumed\n');
  await expect.poll(() => statusOf(url, id), { timeout: scaled(10_000) }).toBe('CONFIRMED');

  expect((await scenario(['chaos', 'clear'])).stdout).toBe('no fault is armed\n');
  expect((await scenario(['down'])).code).toBe(0);
});

interface Up {
  endpoints: { services: { name: string; url: string }[] };
}

async function listed(process: string): Promise<{ fired: number }[]> {
  const { stdout } = await scenario(['chaos', 'list', '--json']);
  type Processes = { process: string; rules: { fired: number }[] }[];
  const { processes } = JSON.parse(stdout) as { processes: Processes };
  return processes.find((each) => each.process === process)?.rules ?? [];
}

async function statusOf(url: string, id: string): Promise<string> {
  const answer = await fetch(`${url}/orders/${id}`, { headers: { prefer: 'wait=1' } });
  return ((await answer.json()) as { status: string }).status;
}

test.each([
  [{ CHAOS: 'payment:captured=crash@1' }, /CHAOS: in "payment:captured=crash@1"/],
  [{ CHAOS_PAYMENT_DECLIN: 'true' }, /Did you mean 'CHAOS_PAYMENT_DECLINE'\?/],
  [{ CHAOS_DB_DOWN: 'billing' }, /CHAOS_DB_DOWN is "billing"; expected orders, payments/],
  [{ CHAOS_KAFKA_DROP: 'true', CHAOS_KAFKA_DUPLICATE: 'true' }, /contradict each other/],
  [
    { CHAOS_PARTITION: 'order|moon' },
    /CHAOS_PARTITION is "order\|moon"; expected order, payment or/,
  ],
])('a wrong chaos flag is reported before anything starts: %j', async (env, says) => {
  const { code, stdout, stderr } = await scenario(['run', 'saga-happy-path'], env);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(says);
  expect(stderr).not.toContain('starting');
});

test('the command failpoints prints the catalogue as text and as JSON', async () => {
  const { stdout } = await scenario(['failpoints']);
  expect(stdout).toMatch(/^published-not-marked {2}saga: relay-order, relay-inventory/m);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  const { failpoints } = JSON.parse((await scenario(['failpoints', '--json'])).stdout) as {
    failpoints: { name: string; happened: string; not: string }[];
  };
  expect(failpoints.map(({ name }) => name)).toContain('coordinator:decided-not-sent');
});
