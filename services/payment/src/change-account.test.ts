import { expect, test } from 'vitest';
import { checkChange } from './change-account.ts';

const account = (balanceCents: number) => ({
  view: { customerId: 'alice', balanceCents, creditLimitCents: 1_000 },
  version: 4,
});
const change = (creditLimitCents: number, ifMatch = '"4"') => ({ creditLimitCents, ifMatch });

test('whoever has read the account as it is may change it', () => {
  expect(() => checkChange(account(0), change(0))).not.toThrow();
  expect(() => checkChange(account(-400), change(400))).not.toThrow();
});

test('what somebody else has changed meanwhile is not overwritten', () => {
  expect(() => checkChange(account(0), change(0, '"3"'))).toThrow('has changed');
});

test('a limit below what is used is refused: the balance would break it', () => {
  expect(() => checkChange(account(-400), change(399))).toThrow('400 cents');
});
