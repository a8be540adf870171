import { randomUUID } from 'node:crypto';
import type { Coordination } from '@indoubt/contracts';
import { problem } from '@indoubt/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const MUG = { customerId: 'alice', lines: [{ sku: 'mug', quantity: 1 }] };
const UNKNOWN = { customerId: 'mallory', lines: [{ sku: 'tea', quantity: 1 }] };
const WAYS: Coordination[] = ['saga', '2pc'];
const LEASE_MS = 1_000;

interface Told {
  status: number;
  headers: Record<string, string | null>;
  text: string;
}

const servers = sharedServers();
let open: OpenLab;
beforeAll(async () => {
  open = await openLab(servers(), { chaos: { control: true }, keys: { leaseMs: LEASE_MS } });
});
afterAll(() => open[Symbol.asyncDispose]());

const SHOWN = ['content-type', 'location', 'preference-applied', 'idempotency-replayed'];

async function post(order: object, key: string | null, more: Record<string, string> = {}) {
  const headers = {
    'content-type': 'application/json',
    ...(key !== null && { 'idempotency-key': key }),
    ...more,
  };
  const init = { method: 'POST', headers, body: JSON.stringify(order) };
  const response = await fetch(`${open.urlOf('order')}/orders`, init);
  const told = Object.fromEntries(SHOWN.map((name) => [name, response.headers.get(name)]));
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, headers: told, text: await response.text(), retryAfter };
}

function by(way: Coordination): Record<string, string> {
  return { prefer: `coordination=${way}` };
}

function codeOf({ text }: Pick<Told, 'text'>): string {
  return problem.parse(JSON.parse(text)).code;
}

async function count(table: string): Promise<number> {
  const { pool } = open.lab.databases.order;
  const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return rows[0]?.n ?? -1;
}

function chaos() {
  if (open.lab.chaos === null) throw new Error('this lab has its chaos control');
  return open.lab.chaos;
}

/** How often each armed rule of the order service has struck. */
async function paused(): Promise<number[]> {
  const all = await chaos().list();
  const own = all.filter(({ process }) => process === 'order');
  return own.flatMap(({ rules }) => rules.map(({ fired }) => fired));
}

test('without a key: 400 that says what to send, and nothing is written', async () => {
  const before = await count('orders');
  const answer = await post(TEA, null);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'idempotency-key-missing']);
  expect(await count('orders')).toBe(before);
});

test.each(['', '""', 'k'.repeat(256), 'two words', 'a,b'])('refused as a key: %j', async (key) => {
  const answer = await post(TEA, key);
  expect(answer.status).toBe(400);
});

test('a request that is not valid takes no key: corrected, it may come with the same', async () => {
  const key = randomUUID();
  expect((await post({ customerId: 'alice' }, key)).status).toBe(400);
  expect((await post(TEA, key)).status).toBe(202);
});

describe.each(WAYS)('by %s', (way) => {
  test('again: the same status, headers and body, marked as replayed', async () => {
    const key = randomUUID();
    const [first, again] = [await post(TEA, key, by(way)), await post(TEA, key, by(way))];
    expect(first.status).toBe(way === 'saga' ? 202 : 200);
    const replayed = { ...first.headers, 'idempotency-replayed': 'true' };
    expect(again).toEqual({ ...first, headers: replayed });
    expect(first.headers['idempotency-replayed']).toBeNull();
  });

  test('in quotes or bare, and with its fields in another order, it is the same', async () => {
    const key = randomUUID();
    const first = await post(TEA, key, by(way));
    const again = await post({ lines: TEA.lines, customerId: 'alice' }, `"${key}"`, by(way));
    expect(again.text).toBe(first.text);
  });

  test('another request with the key: 422, and no second order', async () => {
    const key = randomUUID();
    await post(TEA, key, by(way));
    const before = await count('orders');
    const other = await post(MUG, key, by(way));
    expect([other.status, codeOf(other)]).toEqual([422, 'idempotency-key-reused']);
    expect(await count('orders')).toBe(before);
  });

  test('the same key of another caller is another key', async () => {
    const key = randomUUID();
    const [one, other] = [
      await post(TEA, key, { ...by(way), authorization: 'Bearer one' }),
      await post(MUG, key, { ...by(way), authorization: 'Bearer other' }),
    ];
    expect([one.status, other.status]).toEqual(way === 'saga' ? [202, 202] : [200, 200]);
    expect(one.headers['location']).not.toBe(other.headers['location']);
  });

  test('a refusal is an answer: told again in the same words', async () => {
    const key = randomUUID();
    const [first, again] = [await post(UNKNOWN, key, by(way)), await post(UNKNOWN, key, by(way))];
    expect([first.status, codeOf(first)]).toEqual([422, 'unknown-customer']);
    expect(again).toEqual({
      ...first,
      headers: { ...first.headers, 'idempotency-replayed': 'true' },
    });
  });
});

describe.each(WAYS)('by %s, when it gets difficult', (way) => {
  test('while it is under way: the same waits its turn, 409; another is refused, 422', async () => {
    const key = randomUUID();
    await open.arm('order:keyed-not-placed=pause@1');
    const first = post(TEA, key, by(way));
    // Not by the record: it has the pause of the other way too.
    await expect.poll(paused, { timeout: 10_000 }).toEqual([1]);
    const [same, other] = await Promise.all([post(TEA, key, by(way)), post(MUG, key, by(way))]);
    await chaos().clear();
    expect([same.status, codeOf(same)]).toEqual([409, 'idempotency-key-in-use']);
    expect(Number(same.retryAfter)).toBeGreaterThanOrEqual(1);
    expect([other.status, codeOf(other)]).toEqual([422, 'idempotency-key-reused']);
    const { status, text } = await first;
    expect(status).toBe(way === 'saga' ? 202 : 200);
    expect((await post(TEA, key, by(way))).text).toBe(text);
  });

  test('fifty at once: one order, and each is told of that one or to come again', async () => {
    const key = randomUUID();
    const before = await count('orders');
    const all = await Promise.all(Array.from({ length: 50 }, () => post(TEA, key, by(way))));
    const accepted = all.filter(({ status }) => status < 300);
    expect(new Set(accepted.map(({ text }) => text)).size).toBe(1);
    const rest = all.filter(({ status }) => status >= 300);
    expect(new Set(rest.map(codeOf))).toEqual(
      new Set(rest.length > 0 ? ['idempotency-key-in-use'] : []),
    );
    expect(await count('orders')).toBe(before + 1);
  });

  test('an accident is not an answer: the retry is looked at anew', async () => {
    const key = randomUUID();
    const window = way === 'saga' ? 'placed-not-committed' : 'keyed-not-placed';
    await open.arm(`order:${window}=error@1`);
    const first = await post(TEA, key, by(way));
    await chaos().clear();
    expect(first.status).toBe(503);
    // By 2pc the attempt is dead, and only its lease knows.
    await expect
      .poll(async () => (await post(TEA, key, by(way))).status, { timeout: 10 * LEASE_MS })
      .toBe(way === 'saga' ? 202 : 200);
  });
});

test('with Prefer: wait, both the first and the retry follow the order to its end', async () => {
  const key = randomUUID();
  const wait = { prefer: 'wait=20' };
  const [first, again] = [await post(TEA, key, wait), await post(TEA, key, wait)];
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.text).toBe(first.text);
  expect(JSON.parse(first.text)).toMatchObject({ status: 'CONFIRMED' });
});

test('and when it is quiet, every invariant holds', async () => {
  expect(await open.broken()).toEqual([]);
});

test('a key is kept as long as was promised, deleted then, and new again', async () => {
  await using short = await openLab(servers(), { keys: { leaseMs: LEASE_MS, retainMs: 300 } });
  const { pool } = short.lab.databases.order;
  const init = () => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'short' },
    body: JSON.stringify(TEA),
  });
  const place = async () => fetch(`${short.urlOf('order')}/orders`, init());
  const first = (await (await place()).json()) as { id: string };
  await short.event((line) => line.event === 'keys-reaped');
  const { rows } = await pool.query('select key from idempotency_keys');
  expect(rows).toEqual([]);
  const second = (await (await place()).json()) as { id: string };
  expect(second.id).not.toBe(first.id);
});
