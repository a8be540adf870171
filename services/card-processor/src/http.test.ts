import { request as httpRequest } from 'node:http';
import { armChaos, parseChaos, releasePaused, setChaos } from '@indoubt/chaos';
import { createApp, createLog, type Listening, listen } from '@indoubt/http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Books, openBooks } from './books.ts';
import { chargeRoutes } from './http.ts';

const ORDER = '0198c5a0-0000-7000-8000-000000000001';
const SECRET = 'a secret of sixteen and more';
const CHARGE = { card: 'card-dora', amountCents: 900, reference: ORDER, capture: true };

let http: Listening;
let books: Books;
const hits: (() => void)[] = [];

beforeEach(async () => {
  const lines: unknown[] = [];
  books = openBooks({
    lines,
    append: async (line) => void lines.push(line),
    close: async () => undefined,
  });
  const name = 'card-processor';
  const log = createLog({ service: name, level: 'silent' });
  const app = { name, log, routes: chargeRoutes(books), ready: async () => ({}), secret: SECRET };
  http = await listen(createApp(app), { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  setChaos([]);
  await http.close();
});

function arm(rules: string): Promise<void> {
  return new Promise((resolve) => {
    hits.push(resolve);
    const emit = () => hits.pop()?.();
    armChaos({ process: 'card-processor', rules: parseChaos(rules), seed: 1, emit });
  });
}

function send(
  path: string,
  init: Omit<RequestInit, 'headers'> = {},
  key: string | null = 'k',
  secret = SECRET,
) {
  const headers = {
    authorization: `Bearer ${secret}`,
    'content-type': 'application/json',
    ...(key !== null && { 'idempotency-key': key }),
  };
  return fetch(`http://127.0.0.1:${http.port}${path}`, { ...init, headers });
}

const post = (body: unknown, key: string | null = 'k') =>
  send('/charges', { method: 'POST', body: JSON.stringify(body) }, key);

async function codeOf(answer: Response): Promise<unknown> {
  const body: unknown = await answer.json();
  return typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
}

test('a repeated request with the same key gets the same answer', async () => {
  const first = await post(CHARGE);
  const second = await post(CHARGE);
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(await second.json()).toEqual(await first.json());
  expect(second.headers.get('location')).toBe(first.headers.get('location'));
  expect(books.page({ limit: 9 }).items).toHaveLength(1);
});

test('a request without a valid key or secret, or with another body, charges nothing', async () => {
  expect(await codeOf(await post(CHARGE, null))).toBe('idempotency-key-missing');
  expect(await codeOf(await post(CHARGE, 'k'.repeat(256)))).toBe('invalid-request');
  const init = { method: 'POST', body: JSON.stringify(CHARGE) };
  const stranger = await send('/charges', init, 'k', 'a guess');
  expect(await codeOf(stranger)).toBe('not-allowed');
  expect(books.page({ limit: 9 }).items).toEqual([]);
  await post(CHARGE);
  const other = await post({ ...CHARGE, amountCents: 901 });
  expect([other.status, await codeOf(other)]).toEqual([422, 'idempotency-key-reused']);
});

test('an error after the charge is a 503, and a retry with the key finds the charge', async () => {
  const hit = arm('card-processor:charged-not-answered=error@1');
  const lost = await post(CHARGE);
  await hit;
  expect([lost.status, await codeOf(lost)]).toEqual([503, 'fault-injected']);
  expect((await post(CHARGE)).status).toBe(201);
  expect(books.page({ limit: 9 }).items).toHaveLength(1);
});

test('a charge is completed although its client has disconnected', async () => {
  const hit = arm('card-processor:received-not-charged=pause');
  const body = JSON.stringify(CHARGE);
  const headers = {
    authorization: `Bearer ${SECRET}`,
    'content-type': 'application/json',
    'idempotency-key': 'k',
  };
  const client = httpRequest({ port: http.port, path: '/charges', method: 'POST', headers });
  const gone = new Promise((resolve) => client.once('error', resolve));
  client.end(body);
  await hit;
  client.destroy();
  await gone;
  expect(books.page({ limit: 9 }).items).toEqual([]);
  releasePaused();
  setChaos([]);
  // Requests run one at a time, so the first charge is complete when this request is answered.
  const again = await post(CHARGE);
  const { items } = books.page({ limit: 9 });
  expect(items).toHaveLength(1);
  expect(await again.json()).toMatchObject({ id: items[0]?.id, status: 'CAPTURED' });
});

test('a captured hold cannot be voided, and a voided hold cannot be captured', async () => {
  const hold = async (key: string) => {
    const answer = await post({ ...CHARGE, capture: false }, key);
    expect(await answer.clone().json()).toMatchObject({ status: 'HELD' });
    return answer.headers.get('location') ?? '';
  };
  const act = (place: string, what: string) => send(`${place}/${what}`, { method: 'POST' });
  const taken = await hold('a');
  expect(await (await act(taken, 'capture')).json()).toMatchObject({ status: 'CAPTURED' });
  expect(await codeOf(await act(taken, 'void'))).toBe('precondition-failed');
  const voided = await hold('b');
  expect(await (await act(voided, 'void')).json()).toMatchObject({ status: 'VOIDED' });
  const late = await act(voided, 'capture');
  expect([late.status, await codeOf(late)]).toEqual([409, 'already-undone']);
  expect(await (await send(voided)).json()).toMatchObject({ status: 'VOIDED', key: 'b' });
});

test('the charges are listed page by page', async () => {
  for (const key of ['a', 'b', 'c']) await post(CHARGE, key);
  const page = async (query: string) =>
    (await (await send(`/charges?${query}`)).json()) as { items: { key: string }[]; next: string };
  const first = await page('limit=2');
  expect(first.items.map(({ key }) => key)).toEqual(['a', 'b']);
  const second = await page(`limit=2&cursor=${first.next}`);
  expect(second).toMatchObject({ items: [{ key: 'c' }], next: null });
  expect((await send('/charges?limit=0')).status).toBe(400);
  expect(await codeOf(await send(`/charges/${ORDER}`))).toBe('not-found');
});
