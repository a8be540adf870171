import { describe, expect, test } from 'vitest';
import { type OpenLab, openLab, sharedLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const LIVE = { control: true, links: true };
const NOT_ALLOWED = 401;
const BAD_REQUEST = 400;
const NOT_FOUND = 404;

function chaosOf({ lab }: OpenLab) {
  if (lab.chaos === null) throw new Error('this lab was started without its chaos control');
  return lab.chaos;
}

/** A request to the chaos endpoint of payment. */
function control(open: OpenLab, init: RequestInit, secret = open.lab.endpoints.secret) {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  return fetch(`${open.urlOf('payment')}/chaos`, { headers, ...init });
}

const lab = sharedLab(servers, { chaos: LIVE });

describe('a refused request to /chaos arms nothing', () => {
  const nothingArmed = async () =>
    expect((await chaosOf(lab()).list()).flatMap(({ rules }) => rules)).toEqual([]);

  test('a request without the secret of the lab is refused and arms nothing', async () => {
    const body = JSON.stringify({ rules: 'payment:acted-not-committed=crash' });
    const answer = await control(lab(), { method: 'PUT', body }, 'a secret of another lab');
    expect(answer.status).toBe(NOT_ALLOWED);
    await nothingArmed();
  });

  test.each([
    'payment:acted-not-comitted=crash',
    'payment:acted-not-committed=explode',
    'payment->moon=cut',
    'variant=no-inbox',
    'payment:acted-not-committed=crash; payment:acted-not-committed=pause',
  ])('a valid rule beside an invalid rule is not armed: %s', async (text) => {
    const rules = `payment:handled-not-acknowledged=crash@9; ${text}`;
    const answer = await control(lab(), { method: 'PUT', body: JSON.stringify({ rules }) });
    expect(answer.status).toBe(BAD_REQUEST);
    expect((await answer.json()) as object).toMatchObject({ certainty: 'definite' });
    await nothingArmed();
  });
});

test('a lab without chaos control has no /chaos endpoint', async () => {
  await using open = await openLab(servers());
  expect(open.lab.chaos).toBeNull();
  expect((await control(open, { method: 'GET' })).status).toBe(NOT_FOUND);
});

test('a process that is paused at a failpoint stays paused until the release', async () => {
  const open = lab();
  await open.arm('payment:acted-not-committed=pause');
  const id = await open.placeOrder(TEA);
  const { action } = await open.event((line) => line.event === 'failpoint-hit');
  expect(action).toBe('pause');
  expect(await open.client.read(id)).toMatchObject({ status: 'PENDING' });
  expect(await chaosOf(open).release('payment:acted-not-committed')).toBe(1);
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
});

test('a message is handled again after an injected error, and has one effect', async () => {
  const open = lab();
  await open.arm('inventory:acted-not-committed=error');
  const id = await open.placeOrder(TEA);
  await open.event(({ event, process }) => event === 'message-retried' && process === 'inventory');
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
});

test('a fault with a condition on the order strikes only that order', async () => {
  const open = lab();
  const first = await open.placeOrder(TEA);
  await open.reaches(first, 'CONFIRMED');
  await open.arm('relay-*:*=delay(1ms)');
  await open.arm(`payment:*=crash(order=${first})`);
  const other = await open.placeOrder(TEA);
  await open.reaches(other, 'CONFIRMED');
  const rules = (await chaosOf(open).list()).flatMap((each) => each.rules);
  expect(rules.find(({ rule }) => rule.startsWith('payment:'))?.fired).toBe(0);
  expect(rules.filter(({ fired }) => fired > 0).length).toBeGreaterThan(0);
});

test('a cut link from payment to its database delays an order and breaks nothing', async () => {
  const open = lab();
  await open.arm('payment->payments-db=cut');
  const id = await open.placeOrder(TEA);
  await open.event((line) => line.event === 'fault-hit' && line.name === 'payment->payments-db');
  await open.event(({ event, process }) => event === 'message-retried' && process === 'payment');
  expect(await open.client.read(id)).toMatchObject({ status: 'PENDING' });
  await chaosOf(open).clear();
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
});

test('a blackhole on the link to Kafka delays messages until it is cleared', async () => {
  const open = lab();
  await open.arm('relay-order->kafka=blackhole');
  const id = await open.placeOrder(TEA);
  await open.event((line) => line.event === 'fault-hit' && line.name === 'relay-order->kafka');
  expect(await open.client.read(id)).toMatchObject({ status: 'PENDING' });
  await chaosOf(open).clear();
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
});

test('2pc aborts if a participant cannot be reached, and leaves nothing prepared', async () => {
  await using open = await openLab(servers(), { chaos: LIVE, coordination: '2pc' });
  await open.arm('coordinator->payment=blackhole(for=3s)');
  const id = await open.placeOrder(TEA);
  await open.reaches(id, 'REJECTED');
  // The delayed requests arrive when the link is back: first the prepare, then its abort.
  await open.event(({ event, process }) => event === 'branch-ended' && process === 'payment');
  expect(await open.broken()).toEqual([]);
});

describe('message faults', () => {
  const saga = { answerWithinMs: 400, attemptsMax: 4 };
  const impatient = sharedLab(servers, { chaos: LIVE, saga });

  test.each(['drop@1', 'duplicate', 'reorder@1'])(
    'a command has one effect under the message fault %s',
    async (how) => {
      const open = impatient();
      await open.arm(`inventory.commands=${how}`);
      const id = await open.placeOrder(TEA);
      await open.event(({ event }) => event === 'message-fault-hit');
      await open.reaches(id, 'CONFIRMED');
      expect(await open.broken()).toEqual([]);
    },
  );
});

test('a crash rule for one hit does not strike the restarted process again', async () => {
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
