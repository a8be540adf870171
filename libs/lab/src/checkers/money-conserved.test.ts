import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { moneyConserved } from './money-conserved.ts';

test('INV-1 holds with a declined payment, which moves no money', () => {
  expect(moneyConserved(healthySnapshot())).toEqual([]);
});

test('INV-1 is broken when a balance went down without a payment row', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.payments, { id: 'pay-1' });
  expect(moneyConserved(snapshot)).toMatchObject([
    {
      kind: 'account-out-of-balance',
      text: 'account ada: 200.00 opening, but 150.00 left + 0.00 captured',
    },
  ]);
});

test('INV-1 is broken when a payment was captured twice and the balance went down once', () => {
  const snapshot = healthySnapshot();
  snapshot.payments.push({ ...rowOf(snapshot.payments, { id: 'pay-1' }), id: 'pay-3' });
  expect(moneyConserved(snapshot)).toHaveLength(1);
});

test('INV-1 is broken when two accounts are wrong and the sum of all accounts is right', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.accounts, { customerId: 'ada' }).balanceCents += 1;
  rowOf(snapshot.accounts, { customerId: 'bob' }).balanceCents -= 1;
  expect(moneyConserved(snapshot)).toHaveLength(2);
});

test('INV-1 is broken when a payment has no account', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.payments, { id: 'pay-2' }).customerId = 'eve';
  expect(moneyConserved(snapshot)).toMatchObject([
    { kind: 'payment-without-account', text: 'payment pay-2 is of eve, who has no account' },
  ]);
});
