import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { problem } from '@indoubt/contracts';
import { beforeEach, expect, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { type OpenLab, sharedLab } from './open-lab.ts';
import { root, sharedServers } from './shared-servers.ts';

type Name = Parameters<OpenLab['urlOf']>[0];

const open = sharedLab(sharedServers());

let id: string;
beforeEach(() => {
  id = randomUUID();
});

/** Sends a request between services, by default with the secret of the lab. */
async function send(
  name: Name,
  route: string,
  body?: unknown,
  authorization = `Bearer ${secret()}`,
) {
  const [method = '', path = ''] = route.split(' ');
  const response = await fetch(`${open().urlOf(name)}${path.replace(':id', id)}`, {
    method,
    headers: { 'content-type': 'application/json', authorization },
    signal: AbortSignal.timeout(20_000),
    ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const secret = () => open().lab.endpoints.secret;

const OF_COORDINATOR = [
  'POST /transactions',
  'POST /transactions/:id/votes',
  'GET /transactions/:id',
  'GET /transactions',
];
const OF_PARTICIPANTS = ['prepare', 'commit-one-phase', 'commit', 'abort'].map(
  (what) => `POST /transactions/:id/${what}`,
);
const PARTICIPANTS = ['inventory', 'payment', 'order'] as const;

test.each<[Name, string]>([
  ...OF_COORDINATOR.map((route): [Name, string] => ['coordinator', route]),
  ...PARTICIPANTS.flatMap((name) => OF_PARTICIPANTS.map((route): [Name, string] => [name, route])),
])('%s refuses %s without the secret of the lab', async (name, route) => {
  const wrong = [`Bearer ${'x'.repeat(32)}`, `Basic ${secret()}`, secret(), ''];
  for (const authorization of wrong) {
    const { status, body } = await send(name, route, {}, authorization);
    expect(problem.parse(body)).toMatchObject({ code: 'not-allowed', certainty: 'definite' });
    expect(status).toBe(401);
  }
});

const reserve = (quantity = 1) => {
  return { type: 'reserve-stock', body: { orderId: id, lines: [{ sku: 'tea', quantity }] } };
};
const branch = () => ({ work: reserve(), withinMs: 2_000 });
const capture = { type: 'capture-payment', body: {} };
const twice = { name: 'inventory', work: capture };

test.each<[Name, route: string, what: string, body: () => unknown]>([
  ['coordinator', 'POST /transactions', 'an empty body', () => ({})],
  ['coordinator', 'POST /transactions', 'no participants', () => ({ id, participants: [] })],
  [
    'coordinator',
    'POST /transactions',
    'a duplicate',
    () => ({ id, participants: [twice, twice] }),
  ],
  ['coordinator', 'POST /transactions', 'an invalid id', () => ({ ...transaction(), id: 'x' })],
  ['coordinator', 'POST /transactions', 'an extra field', () => ({ ...transaction(), now: true })],
  ['coordinator', 'POST /transactions/:id/votes', 'an empty body', () => ({})],
  [
    'coordinator',
    'POST /transactions/:id/votes',
    'the vote no',
    () => ({ participant: 'order', vote: 'no' }),
  ],
  [
    'coordinator',
    'POST /transactions/x/votes',
    'an invalid id',
    () => ({ participant: 'order', vote: 'yes' }),
  ],
  ['inventory', 'POST /transactions/:id/prepare', 'an empty body', () => ({})],
  ['inventory', 'POST /transactions/:id/prepare', 'no time', () => ({ ...branch(), withinMs: 0 })],
  [
    'inventory',
    'POST /transactions/:id/prepare',
    'work of another participant',
    () => ({ ...branch(), work: capture }),
  ],
  [
    'inventory',
    'POST /transactions/:id/prepare',
    'incomplete work',
    () => ({ ...branch(), work: { ...reserve(), body: {} } }),
  ],
  ['inventory', 'POST /transactions/:id/commit-one-phase', 'an empty body', () => ({})],
  ['inventory', 'POST /transactions/x/commit', 'an invalid id', () => ({})],
  ['inventory', 'POST /transactions/x/abort', 'an invalid id', () => ({})],
])('%s refuses %s with %s', async (name, route, _what, body) => {
  const answer = await send(name, route, body());
  expect(problem.parse(answer.body)).toMatchObject({ code: 'invalid-request', status: 400 });
  expect(answer.status).toBe(400);
});

function transaction(name = 'inventory', quantity = 1) {
  return { id, participants: [{ name, work: reserve(quantity) }] };
}

/**
 * Sends the coordinator's messages to inventory, one after the other, and returns the replies. The
 * coordinator is paused meanwhile, or it would presume an abort when inventory asks for a decision.
 */
async function byHand(...messages: ('prepare' | 'commit' | 'abort')[]) {
  const coordinator = open().pidOf('coordinator');
  open().signal(coordinator, 'SIGSTOP');
  const answers: unknown[] = [];
  for (const message of messages) {
    const body = message === 'prepare' ? branch() : {};
    answers.push((await send('inventory', `POST /transactions/:id/${message}`, body)).body);
  }
  open().signal(coordinator, 'SIGCONT');
  return answers;
}

/** The units of tea that are held for this transaction, and the number of its prepared branches. */
async function effects() {
  const { pool } = open().lab.databases.inventory;
  const { rows: prepared } = await pool.query(
    'select from pg_prepared_xacts where database = current_database() and gid like $1',
    [`%/${id}`],
  );
  const { rows } = await pool.query<{ quantity: number }>(
    "select quantity from reservations where order_id = $1 and status = 'HELD'",
    [id],
  );
  return { held: rows.map(({ quantity }) => quantity), prepared: prepared.length };
}

test('a transaction that is begun three times has one outcome and one effect', async () => {
  const begin = () => send('coordinator', 'POST /transactions', transaction());
  const answers = await Promise.all([begin(), begin()]);
  await open().event(({ event, orderId }) => event === 'transaction-ended' && orderId === id);
  answers.push(await begin());
  const commit = { decision: 'commit', reason: null, detail: '' };
  expect(answers.map(({ body }) => body)).toEqual([commit, commit, commit]);
  expect(await effects()).toEqual({ held: [1], prepared: 0 });
});

test('an aborted transaction that is begun again is aborted again', async () => {
  const begin = () => send('coordinator', 'POST /transactions', transaction('inventory', 1_000));
  expect((await begin()).body).toMatchObject({ decision: 'abort', reason: 'insufficient-stock' });
  expect((await begin()).body).toMatchObject({ decision: 'abort' });
  expect(await effects()).toEqual({ held: [], prepared: 0 });
});

test('a vote before the begin of a transaction aborts the transaction for ever', async () => {
  const vote = { participant: 'inventory', vote: 'yes' };
  const { body } = await send('coordinator', 'POST /transactions/:id/votes', vote);
  expect(body).toEqual({ decision: 'abort', traceparent: null });
  const late = await send('coordinator', 'POST /transactions', transaction());
  expect(late.body).toMatchObject({ decision: 'abort', reason: 'transaction-aborted' });
  expect(await effects()).toEqual({ held: [], prepared: 0 });
});

const YES = { vote: 'yes', reason: null, detail: '' };
const COMMITTED = { did: 'commit', damage: false };
const ABORTED = { did: 'abort', damage: false };
const OVER = { vote: 'no', reason: 'transaction-aborted', detail: expect.any(String) };

test('repeated prepare and commit messages get the same replies and have one effect', async () => {
  const answers = await byHand('prepare', 'prepare', 'commit', 'commit', 'prepare', 'commit');
  expect(answers).toEqual([YES, YES, COMMITTED, COMMITTED, YES, COMMITTED]);
  expect(await effects()).toEqual({ held: [1], prepared: 0 });
});

test('a prepare after an abort gets the vote no and holds nothing', async () => {
  const answers = await byHand('prepare', 'abort', 'abort', 'prepare');
  expect(answers).toEqual([YES, ABORTED, ABORTED, OVER]);
  expect(await effects()).toEqual({ held: [], prepared: 0 });
});

test('an abort before its prepare leaves a tombstone, so the later vote is no', async () => {
  expect(await byHand('abort', 'prepare', 'abort')).toEqual([ABORTED, OVER, ABORTED]);
  expect(await effects()).toEqual({ held: [], prepared: 0 });
});

test('a commit of an unprepared or aborted transaction is reported as damage', async () => {
  const damage = { did: 'abort', damage: true };
  expect(await byHand('commit', 'abort', 'commit')).toEqual([damage, ABORTED, damage]);
  expect(await effects()).toEqual({ held: [], prepared: 0 });
});

test('the coordinator refuses an unknown participant and goes on', async () => {
  const { status, body } = await send('coordinator', 'POST /transactions', transaction('nobody'));
  expect({ status, code: body['code'] }).toEqual({ status: 400, code: 'invalid-request' });
  expect((await send('coordinator', 'GET /transactions')).body).toEqual({ items: [] });
});

test('a service exits if its server allows too few prepared transactions', () => {
  const { databases, brokers, secret: SERVICE_SECRET } = open().lab.endpoints;
  const main = join(root, 'services', 'inventory', 'src', 'main.ts');
  const { status, stderr, stdout } = spawnSync(process.execPath, [main], {
    encoding: 'utf8',
    timeout: scaled(20_000),
    env: {
      PORT: '0',
      DATABASE_URL: databases['inventory'],
      KAFKA_BROKERS: brokers.join(','),
      COORDINATOR_URLS: open().urlOf('coordinator'),
      SERVICE_SECRET,
      PREPARED_TRANSACTIONS_MIN: '1000',
    },
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/max_prepared_transactions of its PostgreSQL server is 64/);
  expect(stderr).toMatch(/Set max_prepared_transactions = 1000 or more .* restart the server/);
});
