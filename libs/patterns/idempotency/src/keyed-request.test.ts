import { Failure } from '@indoubt/failure';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedRequest, type RequestParts, readKey, requireKey } from './keyed-request.ts';

const PARTS: RequestParts = {
  caller: 'anonymous',
  method: 'POST',
  route: '/orders',
  path: '/orders',
  body: { customerId: 'alice', lines: [{ sku: 'tea', quantity: 2 }] },
};

test('a key may be quoted, as in the draft, or bare, as most clients send it', () => {
  expect(readKey('"8e03978e-40d5-43dd-bc93-6894a57f9324"')).toBe(
    '8e03978e-40d5-43dd-bc93-6894a57f9324',
  );
  expect(readKey('order:42/try')).toBe('order:42/try');
  expect(readKey(undefined)).toBeUndefined();
});

test('a key of 255 characters is accepted, a key of 256 is refused', () => {
  expect(readKey('k'.repeat(255))).toHaveLength(255);
  expect(() => readKey('k'.repeat(256))).toThrow('1 to 255');
});

test.each(['', '""', '"open', 'open"', 'two words', 'a,b', 'späß', 'a\tb', 'a"b', 'a\\b', '{}'])(
  'the header %j is refused as a key',
  (header) => {
    expect(() => readKey(header)).toThrow(Failure);
  },
);

test('a request without a required key is refused with a text that says what to send', () => {
  expect(() => requireKey(undefined)).toThrow('1 to 255');
  expect(requireKey('a')).toBe('a');
});

test('the order of fields does not change the fingerprint of a request, their values do', () => {
  const body = { lines: [{ quantity: 2, sku: 'tea' }], customerId: 'alice' };
  const first = keyedRequest('k', PARTS);
  expect(keyedRequest('k', { ...PARTS, body })).toEqual(first);
  const more = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 3 }] };
  expect(keyedRequest('k', { ...PARTS, body: more }).fingerprint).not.toBe(first.fingerprint);
});

test('the same key of another caller, method or route has another scope', () => {
  const scopes = [
    PARTS,
    { ...PARTS, caller: 'somebody' },
    { ...PARTS, method: 'PATCH' },
    { ...PARTS, route: '/accounts/:customerId' },
  ].map((parts) => keyedRequest('k', parts).scope);
  expect(new Set(scopes).size).toBe(4);
});

test('the path changes the fingerprint of a request, but not the scope of its key', () => {
  const route = '/accounts/:customerId';
  const [alice, bob] = ['alice', 'bob'].map((name) =>
    keyedRequest('k', { ...PARTS, route, path: `/accounts/${name}` }),
  );
  expect(alice?.scope).toBe(bob?.scope);
  expect(alice?.fingerprint).not.toBe(bob?.fingerprint);
});

test('different bodies have different fingerprints, and equal bodies have equal ones', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [first, second] = [one, other].map((body) => keyedRequest('k', { ...PARTS, body }));
      const again: unknown = JSON.parse(JSON.stringify(one));
      expect(keyedRequest('k', { ...PARTS, body: again })).toEqual(first);
      const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
      expect(first?.fingerprint === second?.fingerprint).toBe(isSame);
    }),
  );
});

/** The same value with the fields of its objects sorted: an independent oracle for the test. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { entries: entries.map(([name, each]) => [name, sorted(each)]) };
}
