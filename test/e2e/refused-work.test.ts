import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();

/** An order of an unknown customer: only the database can refuse this order. */
function orderOfUnknownCustomer(id: string) {
  const body = {
    orderId: id,
    customerId: 'mallory',
    totalCents: 450,
    lines: [{ sku: 'tea', quantity: 1, unitPriceCents: 450 }],
    createdAt: new Date(0).toISOString(),
    attempt: { id, request: { scope: 'test', key: id, fingerprint: 'none' }, hasRow: true },
  };
  return { work: { type: 'create-order', body }, withinMs: 2_000 };
}

test('work that the database refuses is voted no, and leaves nothing behind', async () => {
  await using open = await openLab(servers());
  for (const what of ['prepare', 'commit-one-phase']) {
    const id = randomUUID();
    const response = await fetch(`${open.urlOf('order')}/transactions/${id}/${what}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${open.lab.endpoints.secret}`,
      },
      body: JSON.stringify(orderOfUnknownCustomer(id)),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ vote: 'no', reason: 'invalid-request' });
  }
  expect(await open.broken()).toEqual([]);
});
