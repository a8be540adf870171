import { expect, test } from 'vitest';
import { labNameOf, transactionOfGid } from './operated-lab.ts';

const ID = '019a0b3e-7c11-7d2f-9a41-5f2e8c0d1b77';

test('a gid of LAB/SERVICE/TRANSACTION is a branch of that transaction', () => {
  const lab = labNameOf({ topicPrefix: 'lab-1.' });
  expect(transactionOfGid(lab, 'payment', `lab-1/payment/${ID}`)).toBe(ID);
});

test.each([
  'stock-import-7',
  `lab-2/payment/${ID}`,
  `lab-1/inventory/${ID}`,
  'lab-1/payment/7',
  `lab-1/payment/${ID}/`,
])("the gid %s in payment's database of lab-1 is an orphan", (gid) => {
  expect(transactionOfGid('lab-1', 'payment', gid)).toBeNull();
});
