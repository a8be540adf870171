import { Failure } from '@indoubt/failure';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedRequest, type RequestParts, readKey, requireKey } from './keyed-request.ts';

const ASKED: RequestParts = {
  caller: 'anonymous',
  method: 'POST',
  route: '/orders',
  path: '/orders',
  body: { customerId: 'alice', lines: [{ sku: 'tea', quantity: 2 }] },
};

test('a key may stand in quotes, as the draft has it, or bare, as everybody sends it', () => {
  expect(readKey('"8e03978e-40d5-43dd-bc93-6894a57f9324"')).toBe(
    '8e03978e-40d5-43dd-bc93-6894a57f9324',
  );
  expect(readKey('order:42/try')).toBe('order:42/try');
  expect(readKey(undefined)).toBeUndefined();
});

test('255 characters are a key, 256 are not', () => {
  expect(readKey('k'.repeat(255))).toHaveLength(255);
  expect(() => readKey('k'.repeat(256))).toThrow('1 to 255');
});

test.each(['', '""', '"open', 'open"', 'two words', 'a,b', 'späß', 'a\tb', 'a"b', 'a\\b', '{}'])(
  'refused: %j',
  (header) => {
    expect(() => readKey(header)).toThrow(Failure);
  },
);

test('where a key is needed, its absence is refused, with what to send', () => {
  expect(() => requireKey(undefined)).toThrow('1 to 255');
  expect(requireKey('a')).toBe('a');
});

test('the order of fields is not part of a request; their values are', () => {
  const body = { lines: [{ quantity: 2, sku: 'tea' }], customerId: 'alice' };
  const first = keyedRequest('k', ASKED);
  expect(keyedRequest('k', { ...ASKED, body })).toEqual(first);
  const more = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 3 }] };
  expect(keyedRequest('k', { ...ASKED, body: more }).fingerprint).not.toBe(first.fingerprint);
});

test('the same key of another caller, method or route is another key', () => {
  const scopes = [
    ASKED,
    { ...ASKED, caller: 'somebody' },
    { ...ASKED, method: 'PATCH' },
    { ...ASKED, route: '/accounts/:customerId' },
  ].map((parts) => keyedRequest('k', parts).scope);
  expect(new Set(scopes).size).toBe(4);
});

test('the path is part of the request, not of the key', () => {
  const route = '/accounts/:customerId';
  const [alice, bob] = ['alice', 'bob'].map((name) =>
    keyedRequest('k', { ...ASKED, route, path: `/accounts/${name}` }),
  );
  expect(alice?.scope).toBe(bob?.scope);
  expect(alice?.fingerprint).not.toBe(bob?.fingerprint);
});

test('bodies that differ have fingerprints that differ, and equal ones equal', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [first, second] = [one, other].map((body) => keyedRequest('k', { ...ASKED, body }));
      const again: unknown = JSON.parse(JSON.stringify(one));
      expect(keyedRequest('k', { ...ASKED, body: again })).toEqual(first);
      const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
      expect(first?.fingerprint === second?.fingerprint).toBe(isSame);
    }),
  );
});

/** The same value with the fields of its objects in one order: an oracle of our own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { entries: entries.map(([name, each]) => [name, sorted(each)]) };
}
