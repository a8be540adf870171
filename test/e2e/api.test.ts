import { randomUUID } from 'node:crypto';
import { orderPage, orderView, problem } from '@indoubt/contracts';
import { createPool } from '@indoubt/database';
import { DEFAULT_WORLD } from '@indoubt/lab';
import { expect, test, vi } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { sharedLab } from './open-lab.ts';
import { ownServers } from './shared-servers.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const TEA = { sku: 'tea', quantity: 1 };
const UUID = '00000000-0000-7000-8000-000000000000';
const gold = { sku: 'gold', name: 'Gold bar', unitPriceCents: 10_000_000, stock: 1_000 };
const lines21 = Array.from({ length: 21 }, (_, n) => ({ sku: `sku-${n}`, quantity: 1 }));

const servers = ownServers();
const products = [...DEFAULT_WORLD.products, gold];
const open = sharedLab(servers, { world: { ...DEFAULT_WORLD, products } });

function at(service: 'order' | 'payment' | 'inventory', path: string, init: RequestInit = {}) {
  const signal = AbortSignal.timeout(20_000);
  return fetch(`${open().urlOf(service)}${path}`, { signal, ...init });
}

function post(body: string, headers: Record<string, string> = JSON_TYPE) {
  const key = { 'idempotency-key': randomUUID() };
  return at('order', '/orders', { method: 'POST', body, headers: { ...key, ...headers } });
}

function place(order: object, headers: Record<string, string> = {}) {
  return post(JSON.stringify(order), { ...JSON_TYPE, ...headers });
}

/** Reads a refusal, which must be a problem document of the shape in the contract. */
async function refusal(response: Response) {
  const type = response.headers.get('content-type') ?? 'none';
  const text = await response.text();
  if (!type.startsWith('application/problem+json')) throw new Error(`${type}: ${text}`);
  const { detail, certainty, errors = [] } = problem.parse(JSON.parse(text));
  const says = [detail, ...errors.map(({ path, message }) => `${path}: ${message}`)].join('\n');
  return { status: response.status, certainty, says };
}

function refused(status: number, says: RegExp) {
  return { status, certainty: 'definite', says: expect.stringMatching(says) };
}

async function countsOf(...tables: string[]): Promise<Record<string, number>> {
  const { pool } = open().lab.databases.order;
  const counts = tables.map(async (table) => {
    const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
    return [table, rows[0]?.n ?? -1] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

test.each<[what: string, body: unknown, status: number, says: RegExp]>([
  ['no customer', { lines: [TEA] }, 400, /customerId/],
  ['no lines', { customerId: 'alice' }, 400, /lines/],
  ['an empty list of lines', { customerId: 'alice', lines: [] }, 400, /lines/],
  ['no quantity', { customerId: 'alice', lines: [{ sku: 'tea' }] }, 400, /lines\.0\.quantity/],
  ['an unknown field', { customerId: 'alice', lines: [TEA], price: 1 }, 400, /price/],
  ['an unknown field in a line', order({ ...TEA, free: true }), 400, /free/],
  ['a list', [], 400, /expected object/],
  ['null', null, 400, /expected object/],
  ['a negative quantity', order({ sku: 'tea', quantity: -1 }), 400, /lines\.0\.quantity.*>=1/],
  ['a quantity of zero', order({ sku: 'tea', quantity: 0 }), 400, /lines\.0\.quantity.*>=1/],
  ['a huge quantity', order({ sku: 'tea', quantity: 1e9 }), 400, /lines\.0\.quantity.*<=1000/],
  ['half a quantity', order({ sku: 'tea', quantity: 0.5 }), 400, /lines\.0\.quantity.*int/],
  ['a quantity that is a text', order({ sku: 'tea', quantity: '1' }), 400, /lines\.0\.quantity/],
  [
    'a sku with a character that is not allowed',
    order({ sku: 'Tea!', quantity: 1 }),
    400,
    /letters a-z/,
  ],
  ['twenty-one lines', order(...lines21), 400, /lines.*<=20/],
  ['the same sku twice', order(TEA, TEA), 400, /each sku/],
  ['too large a total', order({ sku: 'gold', quantity: 1_000 }), 400, /costs 10000000000 cents/],
  ['an unknown customer', { customerId: 'mallory', lines: [TEA] }, 422, /mallory/],
  ['an unknown sku', order({ sku: 'unicorn', quantity: 1 }), 422, /unicorn/],
])('POST /orders with %s is refused', async (_what, body, status, says) => {
  expect(await refusal(await post(JSON.stringify(body)))).toEqual(refused(status, says));
});

function order(...lines: object[]) {
  return { customerId: 'alice', lines };
}

test.each<[what: string, body: string, headers: Record<string, string>, number, RegExp]>([
  ['is not JSON', '{"customerId":', JSON_TYPE, 400, /not valid JSON/],
  ['is missing', '', JSON_TYPE, 400, /body/],
  ['is over 64 KiB', `"${'x'.repeat(65_536)}"`, JSON_TYPE, 413, /65536 bytes/],
  [
    'has a content type that is not JSON',
    'a=1',
    { 'content-type': 'text/plain' },
    415,
    /text\/plain/,
  ],
])('POST /orders whose body %s is refused', async (_what, body, headers, status, says) => {
  expect(await refusal(await post(body, headers))).toEqual(refused(status, says));
});

test.each([
  ['order', 'GET', '/nowhere', 404, /\/nowhere/],
  ['order', 'DELETE', '/orders', 405, /DELETE.*GET/],
  ['order', 'GET', '/orders/not-an-id', 404, /not-an-id/],
  ['order', 'GET', `/orders/${UUID}`, 404, /no order/],
  ['order', 'GET', '/orders/%zz', 400, /path/],
  ['order', 'GET', '/orders?cursor=yesterday', 400, /cursor/],
  ['order', 'GET', '/orders?status=DONE', 400, /status/],
  ['order', 'GET', '/orders?limit=0', 400, /limit/],
  ['order', 'GET', '/orders?limit=101', 400, /limit/],
  ['order', 'GET', '/orders?limit=many', 400, /limit/],
  ['order', 'GET', '/orders?customer=alice&customer=bob', 400, /customer/],
  ['order', 'GET', '/orders?page=2', 400, /page/],
  ['payment', 'GET', '/accounts/mallory', 404, /mallory/],
  ['payment', 'GET', '/accounts/%00', 404, /account/],
  ['inventory', 'GET', '/stock/unicorn', 404, /unicorn/],
  ['inventory', 'GET', '/stock/%00', 404, /stock/],
] as const)('%s refuses %s %s with %i', async (service, method, path, status, says) => {
  expect(await refusal(await at(service, path, { method }))).toEqual(refused(status, says));
});

test('the refused requests above have written nothing to the database', async () => {
  const nothing = { orders: 0, order_lines: 0, sagas: 0, outbox: 0 };
  expect(await countsOf(...Object.keys(nothing))).toEqual(nothing);
});

test('POST /orders replies 202, PENDING and a Location that shows the final state', async () => {
  const response = await place(order(TEA));
  expect(response.status).toBe(202);
  const placed = orderView.parse(await response.json());
  expect(placed).toMatchObject({ customerId: 'alice', status: 'PENDING', totalCents: 450 });
  const location = response.headers.get('location') ?? '';
  expect(location).toBe(`/orders/${placed.id}`);
  const final = await at('order', location, { headers: { prefer: 'wait=10' } });
  expect(final.status).toBe(200);
  expect(orderView.parse(await final.json())).toMatchObject({ ...placed, ...CONFIRMED });
});

const CONFIRMED = { status: 'CONFIRMED', reason: null, updatedAt: expect.any(String) };

test('POST /orders with Prefer: wait replies with the final state', async () => {
  const confirmed = await place(order(TEA), { prefer: 'wait=10' });
  expect(confirmed.status).toBe(200);
  expect(orderView.parse(await confirmed.json())).toMatchObject({ status: 'CONFIRMED' });
  const carols = { customerId: 'carol', lines: [{ sku: 'mug', quantity: 1 }] };
  const refused = await place(carols, { prefer: 'wait=10' });
  const reason = 'payment-declined';
  expect(orderView.parse(await refused.json())).toMatchObject({ status: 'REJECTED', reason });
});

async function pagesOf(query: string): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await at('order', `/orders?${query}${cursor && `&cursor=${cursor}`}`);
    const { items, next } = orderPage.parse(await page.json());
    pages.push(items.map(({ id }) => id));
    cursor = next;
  }
  return pages;
}

test('GET /orders pages through all orders once, newest first, and filters by status', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    const response = await place({ customerId: 'bob', lines: [TEA] }, { prefer: 'wait=10' });
    ids.unshift(orderView.parse(await response.json()).id);
  }
  const pages = await pagesOf('customer=bob&limit=2');
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
  expect(pages.flat()).toEqual(ids);
  expect((await pagesOf('customer=bob&status=CONFIRMED&limit=5')).flat()).toEqual(ids);
  expect((await pagesOf('customer=bob&status=REJECTED')).flat()).toEqual([]);
  expect((await pagesOf('status=REJECTED')).flat()).toHaveLength(1);
});

test('GET /accounts/:id and GET /stock/:sku show what the orders took', async () => {
  const account = await at('payment', '/accounts/bob');
  const bob = { customerId: 'bob', balanceCents: 20_000 - 5 * 450, creditLimitCents: 10_000 };
  expect(await account.json()).toEqual(bob);
  const stock = await at('inventory', '/stock/tea');
  expect(await stock.json()).toEqual({ sku: 'tea', available: 93, held: 7 });
});

const SERVICES = ['order', 'payment', 'inventory'] as const;

test.each(SERVICES)('%s answers /healthz and /readyz', async (service) => {
  expect(await (await at(service, '/healthz')).json()).toEqual({ name: service, alive: true });
  const ready = await at(service, '/readyz');
  expect(await ready.json()).toEqual({ database: true, broker: true });
});

/** Waits until /readyz of each of these services replies with this status. */
async function readinessBecomes(services: readonly (typeof SERVICES)[number][], status: number) {
  const check = async () => {
    const answers = await Promise.all(services.map((service) => at(service, '/readyz')));
    expect(answers.map((answer) => answer.status)).toEqual(services.map(() => status));
    return answers;
  };
  return vi.waitFor(check, { timeout: scaled(30_000), interval: 100 });
}

test('/readyz replies 503 while the database is away, and /healthz replies 200', async () => {
  const admin = createPool({ url: servers().databaseUrls.payment, name: 'api', connectionsMax: 1 });
  const name = new URL(open().lab.databases.payment.url).pathname.slice(1);
  await admin.query(`alter database ${name} allow_connections false`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    name,
  ]);
  const [away] = await readinessBecomes(['payment'], 503);
  expect(away?.headers.get('retry-after')).toBe('1');
  expect(problem.parse(await away?.json()).detail).toMatch(/database/);
  expect((await at('payment', '/healthz')).status).toBe(200);
  await admin.query(`alter database ${name} allow_connections true`);
  await admin.end();
  await readinessBecomes(['payment'], 200);
});

test('/readyz replies 503 while the broker is away, and 200 when the broker is back', async () => {
  const kafka = servers().pids['kafka'];
  if (kafka === undefined) throw new Error('the broker is not a process of ours');
  open().signal(kafka, 'SIGSTOP');
  const [away] = await readinessBecomes(SERVICES, 503);
  expect(problem.parse(await away?.json()).detail).toMatch(/broker/);
  open().signal(kafka, 'SIGCONT');
  await readinessBecomes(SERVICES, 200);
});

test('every invariant holds after the requests of this file', async () => {
  expect(await open().broken()).toEqual([]);
});
