import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import { moneyConserved } from './money-conserved.ts';

test('holds: a declined payment moves no money', () => {
  expect(moneyConserved(healthySnapshot())).toEqual([]);
});

test('caught: charged, and nobody wrote down for what', () => {
  const snapshot = healthySnapshot();
  removeRow(snapshot.payments, { id: 'pay-1' });
  expect(moneyConserved(snapshot)).toMatchObject([
    {
      kind: 'account-out-of-balance',
      text: 'account ada: 200.00 opening, but 150.00 left + 0.00 captured',
    },
  ]);
});

test('caught: captured twice, the balance went down once', () => {
  const snapshot = healthySnapshot();
  snapshot.payments.push({ ...rowOf(snapshot.payments, { id: 'pay-1' }), id: 'pay-3' });
  expect(moneyConserved(snapshot)).toHaveLength(1);
});

test('caught: two wrongs that make a right in the sum', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.accounts, { customerId: 'ada' }).balanceCents += 1;
  rowOf(snapshot.accounts, { customerId: 'bob' }).balanceCents -= 1;
  expect(moneyConserved(snapshot)).toHaveLength(2);
});

test('caught: a payment of a stranger', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.payments, { id: 'pay-2' }).customerId = 'eve';
  expect(moneyConserved(snapshot)).toMatchObject([
    { kind: 'payment-without-account', text: 'payment pay-2 is of eve, who has no account' },
  ]);
});
