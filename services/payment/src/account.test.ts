import { expect, test } from 'vitest';
import { canCapture } from './account.ts';

const account = { balanceCents: 100, creditLimitCents: 50 };

test('down to the last cent of the credit limit', () => {
  expect(canCapture(150, account)).toEqual({ outcome: 'done' });
});

test('one cent more is declined, and says why', () => {
  expect(canCapture(151, account)).toEqual({
    outcome: 'refused',
    reason: 'payment-declined',
    detail: '151 cents asked, 150 within balance and credit limit',
  });
});

test('a customer without an account is declined', () => {
  expect(canCapture(0, undefined).outcome).toBe('refused');
});
