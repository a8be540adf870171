import { expect, test } from 'vitest';
import { sharedLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const open = sharedLab(sharedServers());

type Headers = Record<string, string>;

async function account(init: RequestInit = {}, customer = 'bob') {
  const answer = await fetch(`${open().urlOf('payment')}/accounts/${customer}`, init);
  const text = await answer.text();
  const body: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
  const { status, headers } = answer;
  return { status, body, etag: headers.get('etag') ?? '', headers };
}

const patch = (creditLimitCents: number, headers: Headers, customer = 'bob') =>
  account(
    {
      method: 'PATCH',
      body: JSON.stringify({ creditLimitCents }),
      headers: { 'content-type': 'application/json', ...headers },
    },
    customer,
  );

test('GET of an account with its current version in If-None-Match gets 304', async () => {
  const { etag, status } = await account();
  expect([status, etag]).toEqual([200, '"1"']);
  for (const known of [etag, `W/${etag}`, `"0", ${etag}`, '*']) {
    const again = await account({ headers: { 'if-none-match': known } });
    expect([again.status, again.etag, again.body]).toEqual([304, etag, {}]);
  }
  expect((await account({ headers: { 'if-none-match': '"0"' } })).status).toBe(200);
});

test('PATCH of an account needs its current version in If-Match and changes it', async () => {
  const { etag } = await account();
  const blind = await patch(9_000, {});
  expect([blind.status, blind.body['code']]).toEqual([428, 'precondition-required']);
  const changed = await patch(9_000, { 'if-match': etag });
  expect(changed).toMatchObject({ status: 200, body: { creditLimitCents: 9_000 } });
  expect(changed.etag).not.toBe(etag);
  expect((await account()).etag).toBe(changed.etag);
  const late = await patch(8_000, { 'if-match': etag });
  expect([late.status, late.body['code']]).toEqual([412, 'precondition-failed']);
  expect((await account()).body).toMatchObject({ creditLimitCents: 9_000 });
});

test('of two PATCHes with the same version, one changes the account and one gets 412', async () => {
  const { etag } = await account();
  const both = await Promise.all([5_000, 6_000].map((cents) => patch(cents, { 'if-match': etag })));
  expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 412]));
});

test('an order that takes money from an account changes the version of the account', async () => {
  const { etag } = await account({}, 'alice');
  const id = await open().placeOrder({ customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] });
  await open().reaches(id, 'CONFIRMED');
  expect((await patch(100, { 'if-match': etag }, 'alice')).status).toBe(412);
});

test('PATCH refuses a credit limit that is below the credit in use', async () => {
  const id = await open().placeOrder({
    customerId: 'bob',
    lines: [{ sku: 'kettle', quantity: 5 }],
  });
  await open().reaches(id, 'CONFIRMED');
  const { etag } = await account();
  const refused = await patch(0, { 'if-match': etag });
  expect([refused.status, refused.body['code']]).toEqual([409, 'credit-limit-in-use']);
  expect((await account()).etag).toBe(etag);
});

test('a repeated PATCH with the same key gets the first reply and changes nothing', async () => {
  const { etag } = await account({}, 'carol');
  const headers = { 'if-match': etag, 'idempotency-key': 'raise-carol' };
  const first = await patch(700, headers, 'carol');
  const again = await patch(700, headers, 'carol');
  expect(first.status).toBe(200);
  expect([again.status, again.body, again.etag]).toEqual([200, first.body, first.etag]);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect((await account({}, 'carol')).etag).toBe(first.etag);
  expect((await patch(701, headers, 'carol')).status).toBe(422);
});

test.each([
  ['an unknown account', 'nobody', { creditLimitCents: 1 }, 404],
  ['a limit that is not in whole cents', 'bob', { creditLimitCents: 1.5 }, 400],
  ['a negative limit', 'bob', { creditLimitCents: -1 }, 400],
  ['another field than the limit', 'bob', { balanceCents: 1 }, 400],
])('PATCH of an account refuses %s', async (_what, customer, body, status) => {
  const headers = { 'content-type': 'application/json', 'if-match': '*' };
  const init = { method: 'PATCH', body: JSON.stringify(body), headers };
  expect((await account(init, customer)).status).toBe(status);
});

test('a payment service without card payments has no /reconciliation', async () => {
  expect((await fetch(`${open().urlOf('payment')}/reconciliation`)).status).toBe(404);
});
