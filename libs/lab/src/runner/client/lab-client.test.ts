import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { RecordWriter } from '../../evidence/record/record-writer.ts';
import { labClient } from './lab-client.ts';

const ID = '019a0b3e-7c11-7d2f-9a41-5f2e8c0d1b77';
const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const VIEW = {
  ...TEA,
  id: ID,
  status: 'CONFIRMED',
  coordination: '2pc',
  reason: null,
  totalCents: 450,
  lines: [{ sku: 'tea', quantity: 1, unitPriceCents: 450 }],
  createdAt: '2026-11-21T05:28:01.239Z',
  updatedAt: '2026-11-21T05:28:01.239Z',
};

/** A client of services that all have the same handler, and the events that the client recorded. */
async function clientOf(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const events: Record<string, unknown>[] = [];
  const writer: RecordWriter = {
    event: (_process, event) => void events.push(event),
    span: () => undefined,
  };
  const services = ['order', 'payment', 'inventory'].map((name) => ({ name, url, pid: 0 }));
  const rest = { databases: {}, brokers: [], topicPrefix: '', jaegerUrl: null, secret: '' };
  const lab = { writer, endpoints: { services, ...rest } };
  return { events, client: labClient(lab, new AbortController().signal) };
}

function answers(status: number, body: object, location?: string): RequestListener {
  return (_request, response) => {
    response.writeHead(status, location === undefined ? {} : { location });
    response.end(JSON.stringify(body));
  };
}

const inDoubt = answers(503, { code: 'in-doubt', detail: 'who knows' }, `/orders/${ID}`);

test('placeOrder sends preferences in the Prefer header, or no such header', async () => {
  const prefers: unknown[] = [];
  const { client } = await clientOf((request, response) => {
    prefers.push(request.headers.prefer);
    answers(200, VIEW)(request, response);
  });
  await client.placeOrder(TEA, { coordination: '2pc', branches: 'sequential' });
  await client.placeOrder(TEA);
  expect(prefers).toEqual(['coordination=2pc; branches=sequential', undefined]);
});

test('an order that is answered with 200 is accepted and acknowledged as it was sent', async () => {
  const { client, events } = await clientOf(answers(200, VIEW));
  expect(await client.placeOrder(TEA)).toBe(ID);
  expect(client.acknowledged()).toEqual([{ orderId: ID, ...TEA }]);
  expect(events.at(-1)).toMatchObject({ event: 'client-response', status: 200, orderId: ID });
});

test('an order in doubt has an id and a trace, and is not acknowledged', async () => {
  const { client, events } = await clientOf(inDoubt);
  expect(await client.placeOrder(TEA)).toBe(ID);
  expect(client.acknowledged()).toEqual([]);
  expect(client.traceIds()).toEqual([events[0]?.['traceId']]);
  expect(events.at(-1)).toMatchObject({ event: 'client-response', status: 503, orderId: ID });
  expect(await client.read(ID)).toBe('in-doubt');
});

test('reading an order that does not exist returns undefined', async () => {
  const { client } = await clientOf(answers(404, { code: 'not-found', detail: 'no order' }));
  expect(await client.read(ID)).toBeUndefined();
  await expect(client.readFinal(ID, 0)).rejects.toMatchObject({ code: 'not-found' });
});

test.each([
  ['another 5xx', answers(503, { code: 'database-unavailable' }), 'service-unavailable'],
  ['a 4xx', answers(422, { code: 'unknown-sku' }), 'invalid-request'],
  ['half an answer', half, 'service-unavailable'],
  ['no answer', (request) => void request.socket.destroy(), 'service-unavailable'],
] as const satisfies [string, RequestListener, string][])(
  'after %s placeOrder and read throw, and no order is acknowledged',
  async (_what, answer, code) => {
    const { client } = await clientOf(answer);
    await expect(client.placeOrder(TEA)).rejects.toMatchObject({ code });
    await expect(client.read(ID)).rejects.toMatchObject({ code });
    expect(client.acknowledged()).toEqual([]);
  },
);

test.each([
  ['ok', answers(200, VIEW), 200],
  ['refused', answers(422, { code: 'unknown-sku' }), 422],
  ['unknown', answers(503, { code: 'database-unavailable' }), 503],
  ['unknown', half, null],
] as const satisfies [string, RequestListener, number | null][])(
  'the record has the outcome of a request: %s',
  async (outcome, answer, status) => {
    const { client, events } = await clientOf(answer);
    await client.placeOrder(TEA).catch(() => undefined);
    await client.read(ID).catch(() => undefined);
    const responses = events.filter(({ event }) => event === 'client-response');
    const times = { invokedAt: expect.any(Number), returnedAt: expect.any(Number) };
    expect(responses).toMatchObject([
      { method: 'POST', ...TEA, outcome, status, ...times },
      { method: 'GET', path: `/orders/${ID}`, orderId: ID, outcome, status, ...times },
    ]);
    const statuses = responses.map(({ orderStatus }) => orderStatus);
    expect(statuses).toEqual(
      outcome === 'ok' ? ['CONFIRMED', 'CONFIRMED'] : [undefined, undefined],
    );
  },
);

function half(...[, response]: Parameters<RequestListener>): void {
  response.writeHead(200, { 'content-length': 1_000 });
  response.write('{"id":', () => response.destroy());
}

test('stock and accounts are read from the services that own them', async () => {
  const paths: unknown[] = [];
  const { client, events } = await clientOf((request, response) => {
    paths.push(request.url);
    answers(200, { sku: 'tea', available: 3, held: 1 })(request, response);
  });
  expect(await client.stock('tea')).toEqual({ sku: 'tea', available: 3, held: 1 });
  await client.account('alice');
  expect(paths).toEqual(['/stock/tea', '/accounts/alice']);
  expect(events).toMatchObject([
    { event: 'client-response', sku: 'tea', available: 3, held: 1, outcome: 'ok' },
    { event: 'client-response', customerId: 'alice', outcome: 'ok' },
  ]);
});
