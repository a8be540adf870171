import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const LIVE = { control: true, links: true };
const NOT_ALLOWED = 401;
const BAD_REQUEST = 400;
const NOT_FOUND = 404;

function armed({ lab }: OpenLab) {
  if (lab.chaos === null) throw new Error('this lab was started without its chaos control');
  return lab.chaos;
}

/** A request to a process's control endpoint, as anybody could send it. */
function control(open: OpenLab, init: RequestInit, secret = open.lab.endpoints.secret) {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  return fetch(`${open.urlOf('payment')}/chaos`, { headers, ...init });
}

describe('what is refused arms nothing', () => {
  let open: OpenLab;
  beforeAll(async () => {
    open = await openLab(servers(), { chaos: LIVE });
  });
  afterAll(() => open[Symbol.asyncDispose]());

  const nothingArmed = async () =>
    expect((await armed(open).list()).flatMap(({ rules }) => rules)).toEqual([]);

  test('without the secret', async () => {
    const body = JSON.stringify({ rules: 'payment:acted-not-committed=crash' });
    const answer = await control(open, { method: 'PUT', body }, 'a secret of another lab');
    expect(answer.status).toBe(NOT_ALLOWED);
    await nothingArmed();
  });

  test.each([
    'payment:acted-not-comitted=crash',
    'payment:acted-not-committed=explode',
    'payment->moon=cut',
    'variant=no-inbox',
    'payment:acted-not-committed=crash; payment:acted-not-committed=pause',
  ])('beside a part that can be read: %s', async (text) => {
    const rules = `payment:handled-not-acknowledged=crash@9; ${text}`;
    const answer = await control(open, { method: 'PUT', body: JSON.stringify({ rules }) });
    expect(answer.status).toBe(BAD_REQUEST);
    expect((await answer.json()) as object).toMatchObject({ certainty: 'definite' });
    await nothingArmed();
  });
});

test('a lab that did not ask for it has no such endpoint', async () => {
  await using open = await openLab(servers());
  expect(open.lab.chaos).toBeNull();
  expect((await control(open, { method: 'GET' })).status).toBe(NOT_FOUND);
});

test('a pause lasts until it is released', async () => {
  await using open = await openLab(servers(), { chaos: LIVE });
  await open.arm('payment:acted-not-committed=pause');
  const id = await open.placeOrder(TEA);
  const { action } = await open.event((line) => line.event === 'failpoint-hit');
  expect(action).toBe('pause');
  expect(await open.client.read(id)).toMatchObject({ status: 'PENDING' });
  expect(await armed(open).release('payment:acted-not-committed')).toBe(1);
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
});

test('an injected error is indefinite: handled again, and nothing twice', async () => {
  await using open = await openLab(servers(), { chaos: LIVE });
  await open.arm('inventory:acted-not-committed=error');
  const id = await open.placeOrder(TEA);
  await open.event(({ event, process }) => event === 'message-retried' && process === 'inventory');
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
});

test('a fault may strike one order only', async () => {
  await using open = await openLab(servers(), { chaos: LIVE });
  const first = await open.placeOrder(TEA);
  await open.reaches(first, 'CONFIRMED');
  await open.arm('relay-*:*=delay(1ms)');
  await open.arm(`payment:*=crash(order=${first})`);
  const other = await open.placeOrder(TEA);
  await open.reaches(other, 'CONFIRMED');
  const rules = (await armed(open).list()).flatMap((each) => each.rules);
  expect(rules.find(({ rule }) => rule.startsWith('payment:'))?.fired).toBe(0);
  expect(rules.filter(({ fired }) => fired > 0).length).toBeGreaterThan(0);
});

test('a cut link to its database costs an order time, and nothing else', async () => {
  await using open = await openLab(servers(), { chaos: LIVE });
  await open.arm('payment->payments-db=cut');
  const id = await open.placeOrder(TEA);
  await open.event((line) => line.event === 'fault-hit' && line.name === 'payment->payments-db');
  await open.event(({ event, process }) => event === 'message-retried' && process === 'payment');
  expect(await open.client.read(id)).toMatchObject({ status: 'PENDING' });
  await armed(open).clear();
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
});

test('nothing passes a blackhole to Kafka, and everything does afterwards', async () => {
  await using open = await openLab(servers(), { chaos: LIVE });
  await open.arm('relay-order->kafka=blackhole');
  const id = await open.placeOrder(TEA);
  await open.event((line) => line.event === 'fault-hit' && line.name === 'relay-order->kafka');
  expect(await open.client.read(id)).toMatchObject({ status: 'PENDING' });
  await armed(open).clear();
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
});

test('2pc: a participant that cannot be reached is an abort, and nothing is kept', async () => {
  await using open = await openLab(servers(), { chaos: LIVE, coordination: '2pc' });
  await open.arm('coordinator->payment=blackhole(for=3s)');
  const id = await open.placeOrder(TEA);
  await open.reaches(id, 'REJECTED');
  // What was under way comes when the link is back: first the prepare, then its abort.
  await open.event(({ event, process }) => event === 'branch-ended' && process === 'payment');
  expect(await open.broken()).toEqual([]);
});

test.each(['drop@1', 'duplicate', 'reorder@1'])(
  'messages: %s, and one effect each',
  async (how) => {
    const saga = { answerWithinMs: 400, attemptsMax: 4 };
    await using open = await openLab(servers(), { chaos: LIVE, saga });
    await open.arm(`inventory.commands=${how}`);
    const id = await open.placeOrder(TEA);
    await open.event(({ event }) => event === 'message-fault-hit');
    await open.reaches(id, 'CONFIRMED');
    expect(await open.broken()).toEqual([]);
  },
);

test('a crash by chance comes again in the next life, a crash at a hit does not', async () => {
  const rules = 'inventory:handled-not-acknowledged=crash@1';
  await using open = await openLab(servers(), { chaos: { ...LIVE, rules } });
  const ids = [await open.placeOrder(TEA), await open.placeOrder(TEA)];
  for (const id of ids) await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  const hits = open.lab.record.readNow().filter((line) => {
    return line.kind === 'event' && line.event === 'failpoint-hit';
  });
  expect(hits).toHaveLength(1);
});
