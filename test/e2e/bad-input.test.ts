import { createPool } from '@indoubt/database';
import { DEFAULT_WORLD } from '@indoubt/lab';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { badAddresses, badReads } from './bad-input/bad-addresses.ts';
import { badBodies } from './bad-input/bad-bodies.ts';
import { badFraming, slowRequests } from './bad-input/bad-framing.ts';
import { badHeaders, badKeys } from './bad-input/bad-headers.ts';
import { badOrders } from './bad-input/bad-orders.ts';
import type { BadRequest, Target } from './bad-input/bad-request.ts';
import { objection, sendBadRequest, type WireAnswer } from './bad-input/send-bad-request.ts';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const AT_ONCE = 16;
const BAD_ORDERS_MIN = 200;
const ID = '00000000-0000-7000-8000-000000000001';
// Without somebody who pays by card there is no card processor.
const dora = { id: 'dora', name: 'Dora', balanceCents: 0, creditLimitCents: 0, card: 'card-dora' };
const SERVICES = ['order', 'payment', 'inventory', 'coordinator', 'card-processor'] as const;
type Name = (typeof SERVICES)[number];

const servers = sharedServers();
let open: OpenLab;
beforeAll(async () => {
  const customers = [...DEFAULT_WORLD.customers, dora];
  open = await openLab(servers(), { world: { ...DEFAULT_WORLD, customers } });
});
afterAll(() => open[Symbol.asyncDispose]());

/** Where a service takes a body. */
const TAKES: Record<Name, string> = {
  order: '/orders',
  payment: `/transactions/${ID}/prepare`,
  inventory: `/transactions/${ID}/prepare`,
  coordinator: '/transactions',
  'card-processor': '/charges',
};

function targetOf(name: Name): Target {
  const secured = name === 'order' ? {} : { authorization: `Bearer ${open.lab.endpoints.secret}` };
  return {
    host: new URL(open.urlOf(name)).host,
    path: TAKES[name],
    headers: { 'content-type': 'application/json', 'idempotency-key': 'key-of-test', ...secured },
    body: '{"customerId":"alice","lines":[{"sku":"tea","quantity":1}]}',
  };
}

/** What every service refuses, and what order does. */
function badRequests(name: Name): BadRequest[] {
  const target = targetOf(name);
  const shared = [badBodies, badHeaders, badAddresses, badFraming, slowRequests];
  const own = name === 'order' ? [badOrders, badKeys, badReads] : [];
  return [...shared, ...own].flatMap((table) => table(target));
}

/** Sends them all, some at once; the slow ones beside the others. @returns what is wrong */
async function objections(name: Name, requests: readonly BadRequest[]): Promise<string[]> {
  const url = open.urlOf(name);
  const wrong: string[] = [];
  const ask = async (bad: BadRequest): Promise<void> => {
    const says = objection(bad, await sendBadRequest(url, bad));
    if (says !== undefined) wrong.push(`${name}, ${bad.what}: ${says}`);
  };
  const isSlow = ({ what }: BadRequest) => what.startsWith('slow:');
  const waiting = requests.filter((bad) => !isSlow(bad)).values();
  const worker = async (): Promise<void> => {
    for (const bad of waiting) await ask(bad);
  };
  await Promise.all([
    ...requests.filter(isSlow).map(ask),
    ...Array.from({ length: AT_ONCE }, worker),
  ]);
  return wrong;
}

/** How many rows each table of the lab has. */
async function rowsOfAll(): Promise<Record<string, number>> {
  const counted = Object.entries(open.lab.databases).map(async ([owner, { url }]) => {
    const pool = createPool({ url, name: 'bad input', connectionsMax: 1 });
    const { rows: tables } = await pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    const each = tables.map(({ name }) => `select '${name}' as name, count(*)::int from "${name}"`);
    const { rows } = await pool.query<{ name: string; count: number }>(each.join(' union all '));
    await pool.end();
    return rows.map(({ name, count }): [string, number] => [`${owner}.${name}`, count]);
  });
  return Object.fromEntries((await Promise.all(counted)).flat());
}

test('each service answers each malformed request with a problem, and writes nothing', async () => {
  const before = await rowsOfAll();
  expect(Object.keys(before)).toContain('order.orders');
  const wrong = await Promise.all(SERVICES.map((name) => objections(name, badRequests(name))));
  expect(wrong.flat().join('\n')).toBe('');
  expect(await rowsOfAll()).toEqual(before);
});

test('that was a good number of requests, each of its own', () => {
  const texts = badRequests('order').map(({ bytes, after }) => {
    return `${bytes.toString('latin1')} ${JSON.stringify(after)}`;
  });
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.length).toBeGreaterThanOrEqual(BAD_ORDERS_MIN);
});

test('the type of each of their problems leads to what it means', async () => {
  const codes = new Set(badRequests('order').map(({ code }) => code));
  for (const code of codes) {
    const response = await fetch(`${open.urlOf('order')}/problems/${code}`);
    expect({ code, status: response.status }).toEqual({ code, status: 200 });
    expect(await response.text()).toContain(code);
  }
});

test('after all that each service is ready, and an order goes its way', async () => {
  for (const name of SERVICES) {
    const { status } = await fetch(`${open.urlOf(name)}/readyz`);
    expect({ name, status }).toEqual({ name, status: 200 });
  }
  const id = await open.placeOrder({ customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] });
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
});

const refusal = {
  type: '/problems/invalid-request',
  title: 'Wrong',
  status: 400,
  detail: 'It is wrong.',
  code: 'invalid-request',
  certainty: 'definite',
};
const bad = { what: 'a test', code: 'invalid-request', bytes: Buffer.alloc(0) };

function answer(change: object, status = 400, type = 'application/problem+json'): WireAnswer {
  const body = JSON.stringify({ ...refusal, ...change });
  return { status, headers: { 'content-type': type }, body };
}

test('allowed: a refusal as it should be', () => {
  expect(objection(bad, answer({}))).toBeUndefined();
});

test.each<[what: string, answer: WireAnswer | null, says: RegExp]>([
  ['no answer', null, /no answer/],
  ['it was done', answer({}, 202), /no refusal/],
  ['the service broke', answer({ status: 500 }, 500), /no refusal/],
  ['a stack', answer({ detail: 'boom\n    at place (/a/place-order.ts:7:1)' }), /insides/],
  ['a page', answer({}, 400, 'text/html'), /no problem document/],
  ['half a document', answer({ title: undefined }), /does not fit/],
  ['two statuses', answer({ status: 422 }), /another status/],
  ['another code', answer({ code: 'not-found' }), /not invalid-request/],
  ['a type that leads nowhere', answer({ type: 'about:blank' }), /a type of its own/],
  ['an open end', answer({ certainty: 'indefinite' }), /leaves it open/],
])('caught: %s', (_what, given, says) => {
  expect(objection(bad, given)).toMatch(says);
});
