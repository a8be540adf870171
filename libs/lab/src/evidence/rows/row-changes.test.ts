import { expect, test } from 'vitest';
import { rowChanges, rowsByKey } from './row-changes.ts';
import { ROWS_MAX } from './table-query.ts';

const stock = { key: ['sku'] };
const rows = (...all: [sku: string, held: number][]) =>
  rowsByKey(
    stock,
    all.map(([sku, held]) => ({ sku, held })),
  );

test('equal polls have no changes', () => {
  expect(rowChanges(rows(['tea', 1], ['mug', 2]), rows(['mug', 2], ['tea', 1]))).toEqual([]);
});

test('changes are: a new row, another value, a removed row', () => {
  expect(rowChanges(rows(['tea', 1], ['mug', 2]), rows(['tea', 3], ['pot', 0]))).toEqual([
    { kind: 'changed', row: { sku: 'tea', held: 3 }, columns: ['held'] },
    { kind: 'added', row: { sku: 'pot', held: 0 }, columns: [] },
    { kind: 'removed', row: { sku: 'mug', held: 2 }, columns: [] },
  ]);
});

test('a key of two columns uses both', () => {
  const table = { key: ['saga', 'step'] };
  const one = rowsByKey(table, [{ saga: 's', step: 'a' }]);
  const two = rowsByKey(table, [
    { saga: 's', step: 'a' },
    { saga: 's', step: 'b' },
  ]);
  expect(rowChanges(one, two)).toMatchObject([{ kind: 'added', row: { step: 'b' } }]);
});

test('without a key, a changed row is a removed row and a new row', () => {
  const table = { key: [] };
  const changes = rowChanges(rowsByKey(table, [{ n: 1 }]), rowsByKey(table, [{ n: 2 }]));
  expect(changes.map(({ kind }) => kind)).toEqual(['added', 'removed']);
});

test('a row that newer rows displaced from the poll is not called removed', () => {
  const many = Array.from({ length: ROWS_MAX }, (_, n): [string, number] => [`sku-${n}`, 0]);
  const kinds = rowChanges(rows(['old', 0]), rows(...many)).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(['added']));
  expect(rowChanges(rows(['old', 0]), rows(...many.slice(1))).at(-1)?.kind).toBe('removed');
});
