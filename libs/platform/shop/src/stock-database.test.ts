import type { Queries } from '@indoubt/database';
import { expect, test } from 'vitest';
import { DEFAULT_WORLD } from './default-world.ts';
import { isStocked, stockDatabase } from './stock-database.ts';

/** Remembers what it was asked, and answers with these rows. */
function remembering(rows: unknown[] = []) {
  const asked: { table: string; values: readonly unknown[] }[] = [];
  const queries: Queries = {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      asked.push({ table: /(?:into|from) (\w+)/.exec(text)?.[1] ?? '', values });
      return rows as Row[];
    },
  };
  return { queries, asked };
}

test('each owner gets what it keeps of the world, in one statement a table', async () => {
  const { queries, asked } = remembering();
  for (const owner of ['order', 'payment', 'inventory', 'coordinator'] as const) {
    await stockDatabase(queries, owner, DEFAULT_WORLD);
  }
  expect(asked.map(({ table }) => table)).toEqual(['products', 'customers', 'accounts', 'stock']);
  expect(asked[3]?.values).toEqual([
    ['tea', 'mug', 'kettle'],
    [100, 20, 5],
  ]);
});

test('who has a card has it in the account, who has none has null', async () => {
  const { queries, asked } = remembering();
  const dora = {
    id: 'dora',
    name: 'Dora',
    card: 'card-dora',
    balanceCents: 0,
    creditLimitCents: 0,
  };
  const [alice = dora] = DEFAULT_WORLD.customers;
  await stockDatabase(queries, 'payment', { products: [], customers: [alice, dora] });
  expect(asked[0]?.values[3]).toEqual([null, 'card-dora']);
});

test('one row is enough to know that somebody was there', async () => {
  expect(await isStocked(remembering([{}]).queries, 'order')).toBe(true);
  expect(await isStocked(remembering().queries, 'order')).toBe(false);
});
