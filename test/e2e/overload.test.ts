import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { expect, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { liveHeap } from './inspected-heap.ts';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();

const CLIENTS = 1_000;
const FOR_MS = 20_000;
const PLENTY = 10_000_000;
const world = {
  products: Array.from({ length: 50 }, (_, n) => ({
    sku: `tea-${n}`,
    name: `Tea ${n}`,
    unitPriceCents: 450,
    stock: PLENTY,
  })),
  customers: Array.from({ length: 50 }, (_, n) => ({
    id: `customer-${n}`,
    name: `Customer ${n}`,
    balanceCents: PLENTY * 100,
    creditLimitCents: 0,
  })),
};

interface Reply {
  status: number;
  retryAfter: string | undefined;
  /** The id of an accepted order. */
  id: string | undefined;
}

/** Places an order over the kept-alive connections of the agent. */
function post(url: URL, agent: Agent, n: number): Promise<Reply> {
  const lines = [{ sku: `tea-${n % 50}`, quantity: 1 }];
  const body = JSON.stringify({ customerId: `customer-${n % 50}`, lines });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'idempotency-key': randomUUID(),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('error', reject).on('end', () => {
        const { statusCode: status = 0, headers: received } = response;
        const id = status === 202 ? (JSON.parse(text) as { id: string }).id : undefined;
        resolve({ status, retryAfter: received['retry-after'], id });
      });
    });
    sent.on('error', reject).end(body);
  });
}

/** A thousand clients. Each places its next order at once and ignores Retry-After. */
async function flood(open: OpenLab) {
  const url = new URL(`${open.urlOf('order')}/orders`);
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const until = performance.now() + FOR_MS;
  const counts: Record<string, number> = {};
  const accepted: string[] = [];
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const clients = Array.from({ length: CLIENTS }, async (_, n) => {
    for (let turn = 0; performance.now() < until; turn += 1) {
      const reply = await post(url, agent, n + turn).catch(() => undefined);
      if (reply === undefined) count('no answer');
      else if (reply.status === 503 && reply.retryAfter === undefined) count('503, no Retry-After');
      else count(String(reply.status));
      if (reply?.id !== undefined) accepted.push(reply.id);
    }
  });
  await Promise.all(clients);
  agent.destroy();
  return { counts, accepted };
}

const MB = 1_048_576;
const HEAP_GROWS_BYTES_MAX = 8 * MB;

function mb(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}

test(
  'under 1,000 clients every order is accepted or refused, and no memory leaks',
  async () => {
    await using open = await openLab(servers(), { world });
    const pid = open.pidOf('order');
    await open.placeOrder({ customerId: 'customer-1', lines: [{ sku: 'tea-1', quantity: 1 }] });
    const before = await liveHeap(pid);
    const { counts, accepted } = await flood(open);
    process.stdout.write(`      a thousand clients, 20 s: ${JSON.stringify(counts)}\n`);
    expect(Object.keys(counts).filter((what) => !['202', '429', '503'].includes(what))).toEqual([]);
    expect(accepted.length).toBeGreaterThan(0);
    expect(counts['503']).toBeGreaterThan(0);
    expect(await open.broken()).toEqual([]);
    const { rows } = await open.lab.databases.order.pool.query<{ id: string }>(
      'select id from orders where id = any ($1)',
      [accepted],
    );
    expect(rows).toHaveLength(accepted.length);
    const grown = (await liveHeap(pid)) - before;
    process.stdout.write(`      live heap: ${mb(before)} before, ${mb(grown)} more after\n`);
    expect(grown).toBeLessThan(HEAP_GROWS_BYTES_MAX);
  },
  scaled(180_000),
);
