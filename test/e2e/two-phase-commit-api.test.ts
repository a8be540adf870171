import { randomUUID } from 'node:crypto';
import { orderView, problem } from '@indoubt/contracts';
import { expect, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const KETTLES = { customerId: 'alice', lines: [{ sku: 'kettle', quantity: 6 }] };
const MUG = { customerId: 'carol', lines: [{ sku: 'mug', quantity: 1 }] };

/** Places an order with POST /orders. @returns the reply, and the path of its Location */
async function post(open: OpenLab, order: object, prefer = '') {
  const response = await fetch(`${open.urlOf('order')}/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(prefer !== '' && { prefer }),
    },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(40_000),
  });
  const { status, headers } = response;
  const applied = headers.get('preference-applied');
  const location = headers.get('location') ?? '';
  return { status, applied, location, headers, body: await response.json() };
}

async function get(open: OpenLab, path: string) {
  const url = `${open.urlOf('order')}${path}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  return { status: response.status, body: await response.json() };
}

const WITHIN_MS = scaled(10_000);

test('a request for 2pc in a lab of sagas gets the final state of the order', async () => {
  await using open = await openLab(servers());
  const confirmed = await post(open, TEA, 'coordination=2pc');
  expect(confirmed).toMatchObject({ status: 200, applied: 'coordination=2pc' });
  const order = orderView.parse(confirmed.body);
  expect(order).toMatchObject({ status: 'CONFIRMED', coordination: '2pc', reason: null });
  expect(confirmed.location).toBe(`/orders/${order.id}`);
  expect(await get(open, confirmed.location)).toEqual({ status: 200, body: order });

  const ends = [
    [KETTLES, 'insufficient-stock'],
    [MUG, 'payment-declined'],
  ] as const;
  for (const [refused, reason] of ends) {
    const { status, location, body } = await post(open, refused, 'coordination=2pc');
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'REJECTED', reason } });
    expect(await get(open, location)).toEqual({ status: 200, body });
  }
  const saga = await post(open, TEA);
  expect(saga).toMatchObject({ status: 202, applied: 'coordination=saga' });
  expect(await open.broken()).toEqual([]);
});

test('a request for a saga in a lab of 2pc gets PENDING and is confirmed later', async () => {
  await using open = await openLab(servers(), { coordination: '2pc' });
  const saga = await post(open, TEA, 'coordination=saga');
  expect(saga).toMatchObject({ status: 202, applied: 'coordination=saga' });
  const order = orderView.parse(saga.body);
  expect(order).toMatchObject({ status: 'PENDING', coordination: 'saga' });
  await open.reaches(order.id, 'CONFIRMED');
  const usual = await post(open, TEA, 'coordination=unheard-of');
  expect(usual).toMatchObject({ status: 200, applied: 'coordination=2pc' });
  const both = await post(open, TEA, 'wait=20, coordination=saga');
  expect(both).toMatchObject({ status: 200, body: { status: 'CONFIRMED', coordination: 'saga' } });
  const sequential = 'coordination=2pc; branches=sequential; presume=nothing; last-resource';
  const { body } = await post(open, TEA, sequential);
  expect(body).toMatchObject({ status: 'CONFIRMED', coordination: '2pc' });
  expect(
    await open.event(({ event, orderId }) => {
      return event === 'transaction-begun' && orderId === orderView.parse(body).id;
    }),
  ).toMatchObject({ presume: 'nothing', branches: 'sequential' });
  expect(await open.broken()).toEqual([]);
});

test.each([
  // The client has given up, and the order has its final state all the same.
  ['voted-not-decided', { status: 200, body: { status: 'REJECTED', coordination: '2pc' } }],
  ['decided-not-sent', { status: 200, body: { status: 'CONFIRMED', coordination: '2pc' } }],
] as const)('an order is in doubt while the coordinator is dead at %s', async (point, ends) => {
  await using open = await openLab(servers(), {
    coordination: '2pc',
    chaos: { rules: `coordinator:${point}=crash@1` },
    leftDead: ['coordinator'],
  });
  const answering = post(open, TEA);
  await open.lab.services.died('coordinator');
  // A new order is definitely refused: without a coordinator its transaction cannot begin.
  const refused = await post(open, MUG);
  expect(problem.parse(refused.body)).toMatchObject({ code: 'not-reached', certainty: 'definite' });
  expect(refused).toMatchObject({ status: 503, location: '' });
  expect(refused.headers.get('retry-after')).toBe('1');

  const doubtful = await answering;
  expect(problem.parse(doubtful.body)).toMatchObject({ code: 'in-doubt', certainty: 'indefinite' });
  expect(doubtful).toMatchObject({ status: 503, location: expect.stringMatching(/^\/orders\/./) });
  const read = await get(open, doubtful.location);
  expect(read).toMatchObject({ status: 503, body: { code: 'in-doubt' } });
  const list = await get(open, '/orders?customer=alice');
  expect(list.body).toMatchObject({ items: [] });

  await open.lab.services.restart('coordinator');
  expect(await open.broken()).toEqual([]);
  await expect.poll(() => get(open, doubtful.location), { timeout: WITHIN_MS }).toMatchObject(ends);
});
