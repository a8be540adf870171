import { expect, test } from 'vitest';
import { callerOf } from './caller-of.ts';

test('requests with the same credentials have the same caller, a hash of the credentials', () => {
  const ada = callerOf({ headers: { authorization: 'Bearer ada' } });
  expect(ada).toMatch(/^[0-9a-f]{64}$/);
  expect(callerOf({ headers: { authorization: 'Bearer ada' } })).toBe(ada);
  expect(callerOf({ headers: { authorization: 'Bearer bob' } })).not.toBe(ada);
});

test('a request without credentials has the caller anonymous', () => {
  expect(callerOf({ headers: {} })).toBe('anonymous');
});
