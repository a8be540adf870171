import { expect, test } from 'vitest';
import { callerOf } from './caller-of.ts';

test('who shows the same credentials is the same caller, and the credentials are not shown', () => {
  const ada = callerOf({ headers: { authorization: 'Bearer ada' } });
  expect(ada).toMatch(/^[0-9a-f]{64}$/);
  expect(callerOf({ headers: { authorization: 'Bearer ada' } })).toBe(ada);
  expect(callerOf({ headers: { authorization: 'Bearer bob' } })).not.toBe(ada);
});

test('who shows none is anonymous', () => {
  expect(callerOf({ headers: {} })).toBe('anonymous');
});
