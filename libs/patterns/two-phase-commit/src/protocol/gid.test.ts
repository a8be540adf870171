import { expect, test } from 'vitest';
import { gidOf, transactionOf } from './gid.ts';

const id = '0193c5a4-0000-7000-8000-000000000001';

test('a gid consists of lab, service and transaction id', () => {
  expect(gidOf('lab-1a2b', 'inventory', id)).toBe(`lab-1a2b/inventory/${id}`);
});

test('transactionOf returns the transaction id of an own gid', () => {
  expect(transactionOf('lab-1a2b', 'inventory', gidOf('lab-1a2b', 'inventory', id))).toBe(id);
});

test.each([
  `lab-1a2b/payment/${id}`,
  `lab-1a2c/inventory/${id}`,
  'stock-import-7',
  `x${id}`,
  'lab-1a2b/inventory/foo',
])('transactionOf returns undefined for the gid %s of another owner', (gid) => {
  expect(transactionOf('lab-1a2b', 'inventory', gid)).toBeUndefined();
});
