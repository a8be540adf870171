import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { axeViolations } from './axe-violations.ts';
import { isGone } from './is-gone.ts';
import { anotherJaeger, canHaveJaeger } from './open-jaeger.ts';
import { openBrowser, openPage } from './open-page.ts';
import { runCli } from './run-cli.ts';
import { root } from './shared-servers.ts';

const scenario = (args: string) => runCli(args.split(' '));

interface Document {
  jaeger: { uiUrl: string; pid: number | null };
}

async function jaegerOf(args: string): Promise<Document['jaeger']> {
  const { code, stdout, stderr } = await scenario(args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return (JSON.parse(stdout) as Document).jaeger;
}

/** The pid file of the Jaeger that was started. */
function storedJaeger(): { jaegerPid: number } {
  return JSON.parse(readFileSync(join(root, '.lab', 'jaeger.json'), 'utf8')) as {
    jaegerPid: number;
  };
}

/** Checks a pid before a signal: pid 0 would be our own process group. */
function ownPid(pid: number | null): number {
  if (pid === null)
    throw new Error('a Jaeger that was not started by this test answers: end it first');
  return pid;
}

const isPossible = await canHaveJaeger();

const BROWSER_WITHIN_MS = scaled(5 * 60_000);
let browser: Browser | null = null;
// In a hook, since the time to install a browser must not count as time of a test.
beforeAll(async () => {
  if (isPossible) browser = await openBrowser();
}, BROWSER_WITHIN_MS);
afterAll(() => browser?.close());

beforeEach(({ skip }) => {
  skip(!isPossible, 'no Jaeger is built, and this machine has no Go to build it');
});
afterAll(() => scenario('jaeger --stop'));

test('run --jaeger starts a Jaeger, and its link shows the trace after the run', async () => {
  const { stdout, ...ended } = await scenario('run saga-compensation --jaeger --json');
  expect(ended).toMatchObject({ code: 0 });
  const { traceUrls, tracesProblem } = JSON.parse(stdout) as Record<string, string[] | null>;
  expect(tracesProblem).toBeNull();
  const [link = ''] = traceUrls ?? [];
  await showsTrace(link);

  // A second start finds the running Jaeger.
  const { uiUrl, pid } = await jaegerOf('jaeger --json');
  expect(link.startsWith(`${uiUrl}/trace/`)).toBe(true);
  expect((await jaegerOf('jaeger --json')).pid).toBe(pid);
  const { jaegerPid } = storedJaeger();

  // When the owner of Jaeger is killed, the guard ends Jaeger, and the next start makes a new one.
  process.kill(ownPid(pid), 'SIGKILL');
  await vi.waitFor(() => expect(isGone(jaegerPid)).toBe(true), { timeout: scaled(5_000) });
  const next = await jaegerOf('jaeger --json');
  expect(next.pid).not.toBe(pid);
  expect(await jaegerOf('jaeger --stop --json')).toBeNull();
  expect(isGone(ownPid(next.pid))).toBe(true);
  expect((await scenario('jaeger --stop')).stdout).toContain('this checkout has no running Jaeger');
});

test('up --jaeger shows the trace of an order by hand, and down ends both', async () => {
  const { stdout, ...ended } = await scenario('up --jaeger --json');
  onTestFinished(async () => void (await scenario('down')));
  expect(ended).toMatchObject({ code: 0 });
  const { endpoints } = JSON.parse(stdout) as {
    endpoints: { services: { name: string; url: string }[]; jaegerUrl: string };
  };
  const order = endpoints.services.find(({ name }) => name === 'order');
  const traceId = randomBytes(16).toString('hex');
  const answer = await fetch(`${order?.url}/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': traceId,
      traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
    },
    body: JSON.stringify({ customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] }),
  });
  expect(answer.status).toBe(202);
  // Each process sends its spans in batches, some seconds later and in any order.
  await vi.waitFor(
    async () => {
      const trace = await (await fetch(`${endpoints.jaegerUrl}/api/traces/${traceId}`)).text();
      for (const name of ['place-order', 'reserve-stock', 'capture-payment', 'advance-saga']) {
        expect(trace).toContain(`"operationName":"${name}"`);
      }
    },
    { timeout: scaled(20_000), interval: 200 },
  );
  const { jaegerPid } = storedJaeger();
  expect((await scenario('down')).code).toBe(0);
  expect(isGone(jaegerPid)).toBe(true);
});

test('Jaeger takes other ports if its usual ports are in use, all on loopback', async () => {
  const taken = createServer().listen(16_686, '127.0.0.1');
  onTestFinished(() => void taken.close());
  await once(taken, 'listening').catch(() => undefined); // the port may be in use by another Jaeger
  const other = await anotherJaeger();
  onTestFinished(other.stop);
  expect(other.addresses.uiUrl).not.toContain(':16686');
  expect((await fetch(`${other.addresses.uiUrl}/api/services`)).status).toBe(200);
  const listeners = listenersOf(other.pid);
  expect(listeners.length).toBeGreaterThanOrEqual(7);
  expect(new Set(listeners)).toEqual(new Set([LOOPBACK]));
});

/** Opens the trace page in a real browser and steps through it with the keyboard. */
async function showsTrace(link: string): Promise<void> {
  expect(await (await fetch(link)).text()).toContain('/static/trace-page.js');
  if (browser === null) return;
  await using open = await openPage(browser, link);
  const { page, complaints, requests, picture } = open;
  const undone = page.getByRole('button', { name: 'release-stock', exact: true });
  await undone.focus();
  await page.keyboard.press('Enter');
  await page.getByText('saga.compensation').last().waitFor();
  await page.keyboard.press('ArrowUp');
  expect(await undone.evaluate((button) => button.matches(':focus'))).toBe(false);
  await picture('jaeger-trace', true);
  expect(await axeViolations(page)).toEqual([]);
  await using dark = await openPage(browser, link, { colorScheme: 'dark' });
  await dark.page.getByRole('button', { name: 'release-stock', exact: true }).waitFor();
  expect(await axeViolations(dark.page)).toEqual([]);
  await dark.picture('jaeger-trace-dark');
  await page.getByRole('link', { name: 'all traces' }).click();
  await page.getByRole('link', { name: 'POST /orders' }).first().waitFor();
  expect(complaints).toEqual([]);
  const hosts = new Set(requests.map((url) => new URL(url).host));
  expect(hosts).toEqual(new Set([new URL(link).host]));
}
const LOOPBACK = '0100007F';
const LISTENS = '0A';

/** The addresses on which a process listens, in the format of /proc. Linux only. */
function listenersOf(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap(
      (fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [],
    ),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode = '']) => state === LISTENS && inodes.has(inode))
      .map(([, address = '']) => address.split(':')[0] ?? ''),
  );
}
