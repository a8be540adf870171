import { createPool } from '@indoubt/database';
import { DEFAULT_WORLD } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { badAddresses, badReads } from './bad-input/bad-addresses.ts';
import { badBodies } from './bad-input/bad-bodies.ts';
import { badFraming, slowRequests } from './bad-input/bad-framing.ts';
import { badHeaders, badKeys } from './bad-input/bad-headers.ts';
import { badOrders } from './bad-input/bad-orders.ts';
import type { BadRequest, Target } from './bad-input/bad-request.ts';
import { objection, sendBadRequest, type WireAnswer } from './bad-input/send-bad-request.ts';
import { sharedLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const AT_ONCE = 16;
const BAD_ORDERS_MIN = 200;
const ID = '00000000-0000-7000-8000-000000000001';
// The lab starts a card processor only if some customer pays by card.
const dora = { id: 'dora', name: 'Dora', balanceCents: 0, creditLimitCents: 0, card: 'card-dora' };
const SERVICES = ['order', 'payment', 'inventory', 'coordinator', 'card-processor'] as const;
type Name = (typeof SERVICES)[number];

const customers = [...DEFAULT_WORLD.customers, dora];
const open = sharedLab(sharedServers(), { world: { ...DEFAULT_WORLD, customers } });

/** A route of each service that takes a body. */
const TAKES: Record<Name, string> = {
  order: '/orders',
  payment: `/transactions/${ID}/prepare`,
  inventory: `/transactions/${ID}/prepare`,
  coordinator: '/transactions',
  'card-processor': '/charges',
};

function targetOf(name: Name): Target {
  const secured =
    name === 'order' ? {} : { authorization: `Bearer ${open().lab.endpoints.secret}` };
  return {
    host: new URL(open().urlOf(name)).host,
    path: TAKES[name],
    headers: { 'content-type': 'application/json', 'idempotency-key': 'key-of-test', ...secured },
    body: '{"customerId":"alice","lines":[{"sku":"tea","quantity":1}]}',
  };
}

/** The requests that a service must refuse; order has some tables of its own. */
function badRequests(name: Name): BadRequest[] {
  const target = targetOf(name);
  const shared = [badBodies, badHeaders, badAddresses, badFraming, slowRequests];
  const own = name === 'order' ? [badOrders, badKeys, badReads] : [];
  return [...shared, ...own].flatMap((table) => table(target));
}

/**
 * Sends all requests, a few at a time, and the slow ones beside them.
 * @returns the objections to the replies
 */
async function objections(name: Name, requests: readonly BadRequest[]): Promise<string[]> {
  const url = open().urlOf(name);
  const wrong: string[] = [];
  const send = async (bad: BadRequest): Promise<void> => {
    const says = objection(bad, await sendBadRequest(url, bad));
    if (says !== undefined) wrong.push(`${name}, ${bad.what}: ${says}`);
  };
  const isSlow = ({ what }: BadRequest) => what.startsWith('slow:');
  const waiting = requests.filter((bad) => !isSlow(bad)).values();
  const worker = async (): Promise<void> => {
    for (const bad of waiting) await send(bad);
  };
  await Promise.all([
    ...requests.filter(isSlow).map(send),
    ...Array.from({ length: AT_ONCE }, worker),
  ]);
  return wrong;
}

/** How many rows each table of the lab has. */
async function rowsOfAll(): Promise<Record<string, number>> {
  const counted = Object.entries(open().lab.databases).map(async ([owner, { url }]) => {
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

test('each service refuses each malformed request with a problem and writes nothing', async () => {
  const before = await rowsOfAll();
  expect(Object.keys(before)).toContain('order.orders');
  const wrong = await Promise.all(SERVICES.map((name) => objections(name, badRequests(name))));
  expect(wrong.flat().join('\n')).toBe('');
  expect(await rowsOfAll()).toEqual(before);
});

test('the table has at least 200 malformed requests for order, and no two are equal', () => {
  const texts = badRequests('order').map(({ bytes, after }) => {
    return `${bytes.toString('latin1')} ${JSON.stringify(after)}`;
  });
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.length).toBeGreaterThanOrEqual(BAD_ORDERS_MIN);
});

test('the type of each expected problem leads to a page that explains the problem', async () => {
  const codes = new Set(badRequests('order').map(({ code }) => code));
  for (const code of codes) {
    const response = await fetch(`${open().urlOf('order')}/problems/${code}`);
    expect({ code, status: response.status }).toEqual({ code, status: 200 });
    expect(await response.text()).toContain(code);
  }
});

test('after the malformed requests each service is ready and an order is confirmed', async () => {
  for (const name of SERVICES) {
    const { status } = await fetch(`${open().urlOf(name)}/readyz`);
    expect({ name, status }).toEqual({ name, status: 200 });
  }
  const id = await open().placeOrder({ customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] });
  await open().reaches(id, 'CONFIRMED');
  expect(await open().broken()).toEqual([]);
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

test('the check of replies accepts a correct refusal', () => {
  expect(objection(bad, answer({}))).toBeUndefined();
});

test.each<[what: string, answer: WireAnswer | null, says: RegExp]>([
  ['no answer', null, /no answer/],
  ['a reply that accepts the request', answer({}, 202), /no refusal/],
  ['a reply with status 500', answer({ status: 500 }, 500), /no refusal/],
  ['a stack trace', answer({ detail: 'boom\n    at place (/a/place-order.ts:7:1)' }), /internals/],
  ['an HTML page', answer({}, 400, 'text/html'), /no problem document/],
  ['a problem without a title', answer({ title: undefined }), /does not fit/],
  ['a status that is not the one in the document', answer({ status: 422 }), /another status/],
  ['an unexpected problem code', answer({ code: 'not-found' }), /not invalid-request/],
  [
    'a type that is not a link to the problem',
    answer({ type: 'about:blank' }),
    /a type of its own/,
  ],
  ['a refusal that is not definite', answer({ certainty: 'indefinite' }), /leaves it open/],
])('the check of replies rejects %s', (_what, given, says) => {
  expect(objection(bad, given)).toMatch(says);
});
