import { expect, test } from 'vitest';
import { checkChange } from './change-account.ts';

const account = (balanceCents: number) => ({
  view: { customerId: 'alice', balanceCents, creditLimitCents: 1_000 },
  version: 4,
});
const change = (creditLimitCents: number, ifMatch = '"4"') => ({ creditLimitCents, ifMatch });

test('a change with the current version of the account is accepted', () => {
  expect(() => checkChange(account(0), change(0))).not.toThrow();
  expect(() => checkChange(account(-400), change(400))).not.toThrow();
});

test('a change with an outdated version of the account is refused', () => {
  expect(() => checkChange(account(0), change(0, '"3"'))).toThrow('has changed');
});

test('a credit limit below the credit in use is refused', () => {
  expect(() => checkChange(account(-400), change(399))).toThrow('400 cents');
});
