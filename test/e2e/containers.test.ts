import { randomUUID } from 'node:crypto';
import { orderView, stockView } from '@indoubt/contracts';
import { expect, test, vi } from 'vitest';
import { dockerShops } from '../containers/docker-shop.ts';
import { nativeShops } from '../containers/native-shop.ts';
import type { Shop } from '../containers/shop.ts';
import { scaled } from '../runner/slowness.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const START_WITHIN_MS = scaled(660_000);
const TRACED_WITHIN_MS = scaled(20_000); // spans leave in batches
const TEA_AT_FIRST = 100;

/** Places an order and waits for its end. @returns its customer, status and coordination */
async function place(shop: Shop, customerId: string, prefer: string): Promise<string> {
  const response = await fetch(`${shop.urlOf('order')}/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...(prefer !== '' && { prefer }),
    },
    body: JSON.stringify({ customerId, lines: [{ sku: 'tea', quantity: 2 }] }),
    signal: AbortSignal.timeout(40_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  const { status, coordination } = orderView.parse(JSON.parse(text));
  return `${customerId}: ${status} by ${coordination}`;
}

test.for([nativeShops, dockerShops])(
  'the shop of docker-compose.yml ($name) takes orders by saga and 2pc, and sends traces',
  { timeout: START_WITHIN_MS },
  async (provider, { skip }) => {
    const missing = await provider.missing();
    if (missing !== undefined) process.stderr.write(`skipped, ${provider.name}: ${missing}\n`);
    skip(missing !== undefined, `the shop cannot run here: ${missing}`);
    await using shop = await provider.start(servers());
    // The default is a saga, and a request may ask for 2pc. Dora pays by card; Carol cannot pay.
    expect(await place(shop, 'alice', 'wait=30')).toBe('alice: CONFIRMED by saga');
    expect(await place(shop, 'alice', 'coordination=2pc')).toBe('alice: CONFIRMED by 2pc');
    expect(await place(shop, 'dora', 'wait=30')).toBe('dora: CONFIRMED by saga');
    expect(await place(shop, 'dora', 'coordination=2pc')).toBe('dora: CONFIRMED by 2pc');
    expect(await place(shop, 'carol', 'wait=30')).toBe('carol: REJECTED by saga');
    const stock = await fetch(`${shop.urlOf('inventory')}/stock/tea`);
    expect(stockView.parse(await stock.json())).toMatchObject({ available: TEA_AT_FIRST - 8 });
    await vi.waitFor(
      async () => {
        expect(await shop.traced()).toEqual(
          expect.arrayContaining(['coordinator', 'inventory', 'order', 'payment', 'relay-order']),
        );
      },
      { timeout: TRACED_WITHIN_MS, interval: 200 },
    );
    expect(await shop.stop()).toEqual([]);
  },
);
