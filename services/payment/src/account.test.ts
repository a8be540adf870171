import { expect, test } from 'vitest';
import { canCapture } from './account.ts';

const account = { balanceCents: 100, creditLimitCents: 50 };

test('a capture may use the credit limit to the last cent', () => {
  expect(canCapture(150, account)).toEqual({ outcome: 'done' });
});

test('a capture of one cent more than the credit limit is declined with a reason', () => {
  expect(canCapture(151, account)).toEqual({
    outcome: 'refused',
    reason: 'payment-declined',
    detail: '151 cents requested, 150 within balance and credit limit',
  });
});

test('a capture from a customer without an account is declined', () => {
  expect(canCapture(0, undefined).outcome).toBe('refused');
});
