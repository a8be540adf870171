import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CardCharge } from '@indoubt/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { createCardProcessor } from './card-processor.ts';

const ORDER = '0198c5a0-0000-7000-8000-000000000001';
const AT = '2026-11-21T10:00:00.000Z';
const SHORT_MS = 30;
/** More failures than the breaker needs to open. */
const FAILURES = 8;

const charge: CardCharge = {
  id: '0198c5a0-0000-7000-8000-0000000000aa',
  key: `${ORDER}:hold`,
  card: 'card-dora',
  amountCents: 900,
  reference: ORDER,
  status: 'CAPTURED',
  createdAt: AT,
  updatedAt: AT,
};
const request = { card: 'card-dora', amountCents: 900, reference: ORDER };

async function processorOf(listener: RequestListener, withinMs = 5_000) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const processor = createCardProcessor(`http://127.0.0.1:${port}`, 'a secret', withinMs);
  onTestFinished(async () => {
    await processor.close();
    server.closeAllConnections();
    server.close();
  });
  return processor;
}

const send = (response: ServerResponse, body: unknown) => response.end(JSON.stringify(body));

/** Answers requests to capture, and never answers requests to hold. */
const slowToHold: RequestListener = (incoming, response) => {
  let body = '';
  incoming.on('data', (part: Buffer) => {
    body += part.toString();
  });
  incoming.on('end', () => {
    if (body.includes('"capture":true')) send(response, charge);
  });
};

test('calls that end at a short deadline do not open the breaker', async () => {
  const processor = await processorOf(slowToHold);
  for (let n = 0; n < FAILURES; n += 1) {
    const hold = processor.charge(`hold-${n}`, { ...request, capture: false }, SHORT_MS);
    await expect(hold).rejects.toMatchObject({ code: 'timed-out' });
  }
  expect(await processor.charge('k', { ...request, capture: true })).toEqual(charge);
});

test('calls that time out without a short deadline open the breaker', async () => {
  const processor = await processorOf(slowToHold, SHORT_MS);
  const calls = Array.from({ length: FAILURES }, (_, n) =>
    processor.charge(`hold-${n}`, { ...request, capture: false }).catch(() => undefined),
  );
  await Promise.all(calls);
  const next = processor.charge('k', { ...request, capture: true });
  await expect(next).rejects.toMatchObject({ code: 'breaker-open' });
});

test('holds can be voided while the breaker of the lists of charges is open', async () => {
  const held: CardCharge = { ...charge, status: 'HELD' };
  const processor = await processorOf(({ url = '' }, response) => {
    if (url.includes('status=HELD')) send(response, { items: [held], next: null });
    else if (url.endsWith('/void')) send(response, { ...held, status: 'VOIDED' });
    else response.destroy();
  });
  for (let n = 0; n < FAILURES; n += 1) await processor.list().catch(() => undefined);
  await expect(processor.list()).rejects.toMatchObject({ code: 'breaker-open' });
  expect(await processor.held()).toEqual([held]);
  expect((await processor.release(held.id)).status).toBe('VOIDED');
});
