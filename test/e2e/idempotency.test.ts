import { randomUUID } from 'node:crypto';
import type { Coordination } from '@indoubt/contracts';
import { problem } from '@indoubt/contracts';
import { describe, expect, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { openLab, sharedLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const MUG = { customerId: 'alice', lines: [{ sku: 'mug', quantity: 1 }] };
const UNKNOWN = { customerId: 'mallory', lines: [{ sku: 'tea', quantity: 1 }] };
const COORDINATIONS: Coordination[] = ['saga', '2pc'];
const LEASE_MS = 1_000;

interface Reply {
  status: number;
  headers: Record<string, string | null>;
  text: string;
}

const servers = sharedServers();
const open = sharedLab(servers, { chaos: { control: true }, keys: { leaseMs: LEASE_MS } });

const SHOWN = ['content-type', 'location', 'preference-applied', 'idempotency-replayed'];

async function post(order: object, key: string | null, more: Record<string, string> = {}) {
  const headers = {
    'content-type': 'application/json',
    ...(key !== null && { 'idempotency-key': key }),
    ...more,
  };
  const init = { method: 'POST', headers, body: JSON.stringify(order) };
  const response = await fetch(`${open().urlOf('order')}/orders`, init);
  const shown = Object.fromEntries(SHOWN.map((name) => [name, response.headers.get(name)]));
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, headers: shown, text: await response.text(), retryAfter };
}

function by(coordination: Coordination): Record<string, string> {
  return { prefer: `coordination=${coordination}` };
}

function codeOf({ text }: Pick<Reply, 'text'>): string {
  return problem.parse(JSON.parse(text)).code;
}

async function count(table: string): Promise<number> {
  const { pool } = open().lab.databases.order;
  const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return rows[0]?.n ?? -1;
}

function chaos() {
  const { chaos: control } = open().lab;
  if (control === null) throw new Error('this lab has no chaos control');
  return control;
}

/** How often each armed rule of the order service has struck. */
async function strikes(): Promise<number[]> {
  const all = await chaos().list();
  const own = all.filter(({ process }) => process === 'order');
  return own.flatMap(({ rules }) => rules.map(({ fired }) => fired));
}

test('an order without a key gets 400 with the next step, and nothing is written', async () => {
  const before = await count('orders');
  const answer = await post(TEA, null);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'idempotency-key-missing']);
  expect(await count('orders')).toBe(before);
});

test.each(['', '""', 'k'.repeat(256), 'two words', 'a,b'])('the key %j is refused', async (key) => {
  const answer = await post(TEA, key);
  expect(answer.status).toBe(400);
});

test('an invalid request does not use up its key: the corrected one may have it', async () => {
  const key = randomUUID();
  expect((await post({ customerId: 'alice' }, key)).status).toBe(400);
  expect((await post(TEA, key)).status).toBe(202);
});

describe.each(COORDINATIONS)('an order by %s', (coordination) => {
  const how = by(coordination);

  test('a repeated request gets the same reply, marked as replayed', async () => {
    const key = randomUUID();
    const [first, again] = [await post(TEA, key, how), await post(TEA, key, how)];
    expect(first.status).toBe(coordination === 'saga' ? 202 : 200);
    const replayed = { ...first.headers, 'idempotency-replayed': 'true' };
    expect(again).toEqual({ ...first, headers: replayed });
    expect(first.headers['idempotency-replayed']).toBeNull();
  });

  test('a key in quotes, or fields in another order, make the same request', async () => {
    const key = randomUUID();
    const first = await post(TEA, key, how);
    const again = await post({ lines: TEA.lines, customerId: 'alice' }, `"${key}"`, how);
    expect(again.text).toBe(first.text);
  });

  test('a different request with the same key gets 422 and makes no order', async () => {
    const key = randomUUID();
    await post(TEA, key, how);
    const before = await count('orders');
    const other = await post(MUG, key, how);
    expect([other.status, codeOf(other)]).toEqual([422, 'idempotency-key-reused']);
    expect(await count('orders')).toBe(before);
  });

  test('the same key of another caller is a different key', async () => {
    const key = randomUUID();
    const [first, other] = [
      await post(TEA, key, { ...how, authorization: 'Bearer one' }),
      await post(MUG, key, { ...how, authorization: 'Bearer other' }),
    ];
    expect([first.status, other.status]).toEqual(coordination === 'saga' ? [202, 202] : [200, 200]);
    expect(first.headers['location']).not.toBe(other.headers['location']);
  });

  test('a repeated request that was refused gets the same refusal', async () => {
    const key = randomUUID();
    const [first, again] = [await post(UNKNOWN, key, how), await post(UNKNOWN, key, how)];
    expect([first.status, codeOf(first)]).toEqual([422, 'unknown-customer']);
    expect(again).toEqual({
      ...first,
      headers: { ...first.headers, 'idempotency-replayed': 'true' },
    });
  });
});

describe.each(COORDINATIONS)('an order by %s, under concurrency and faults', (coordination) => {
  const how = by(coordination);

  test('during a request its repetition gets 409 and a different request gets 422', async () => {
    const key = randomUUID();
    await open().arm('order:keyed-not-placed=pause@1');
    const first = post(TEA, key, how);
    // The record is not used, because it also has the pause of the other coordination.
    await expect.poll(strikes, { timeout: scaled(10_000) }).toEqual([1]);
    const [same, other] = await Promise.all([post(TEA, key, how), post(MUG, key, how)]);
    await chaos().clear();
    expect([same.status, codeOf(same)]).toEqual([409, 'idempotency-key-in-use']);
    expect(Number(same.retryAfter)).toBeGreaterThanOrEqual(1);
    expect([other.status, codeOf(other)]).toEqual([422, 'idempotency-key-reused']);
    const { status, text } = await first;
    expect(status).toBe(coordination === 'saga' ? 202 : 200);
    expect((await post(TEA, key, how)).text).toBe(text);
  });

  test('fifty equal requests at once make one order; the others get it or 409', async () => {
    const key = randomUUID();
    const before = await count('orders');
    const all = await Promise.all(Array.from({ length: 50 }, () => post(TEA, key, how)));
    const accepted = all.filter(({ status }) => status < 300);
    expect(new Set(accepted.map(({ text }) => text)).size).toBe(1);
    const rest = all.filter(({ status }) => status >= 300);
    expect(new Set(rest.map(codeOf))).toEqual(
      new Set(rest.length > 0 ? ['idempotency-key-in-use'] : []),
    );
    expect(await count('orders')).toBe(before + 1);
  });

  test('a failure that is not definite is not replayed: the retry is handled anew', async () => {
    const key = randomUUID();
    const window = coordination === 'saga' ? 'placed-not-committed' : 'keyed-not-placed';
    await open().arm(`order:${window}=error@1`);
    const first = await post(TEA, key, how);
    await chaos().clear();
    expect(first.status).toBe(503);
    // By 2pc, the retry must wait until the lease of the failed attempt ends.
    await expect
      .poll(async () => (await post(TEA, key, how)).status, { timeout: scaled(10) * LEASE_MS })
      .toBe(coordination === 'saga' ? 202 : 200);
  });
});

test('with Prefer: wait, the first request and its retry get the final order', async () => {
  const key = randomUUID();
  const wait = { prefer: 'wait=20' };
  const [first, again] = [await post(TEA, key, wait), await post(TEA, key, wait)];
  expect([first.status, again.status]).toEqual([200, 200]);
  expect(again.text).toBe(first.text);
  expect(JSON.parse(first.text)).toMatchObject({ status: 'CONFIRMED' });
});

test('every invariant holds after the requests of this file', async () => {
  expect(await open().broken()).toEqual([]);
});

test('a key is deleted after its retention time, and can then be used again', async () => {
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
