import type { Queries } from '@indoubt/database';
import { expect, test } from 'vitest';
import { DEFAULT_WORLD } from './default-world.ts';
import { isStocked, stockDatabase } from './stock-database.ts';

/** Queries that are recorded and answered with these rows. */
function recording(rows: unknown[] = []) {
  const queried: { table: string; values: readonly unknown[] }[] = [];
  const queries: Queries = {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      queried.push({ table: /(?:into|from) (\w+)/.exec(text)?.[1] ?? '', values });
      return rows as Row[];
    },
  };
  return { queries, queried };
}

test('the part of each owner is written with one statement for each table', async () => {
  const { queries, queried } = recording();
  for (const owner of ['order', 'payment', 'inventory', 'coordinator'] as const) {
    await stockDatabase(queries, owner, DEFAULT_WORLD);
  }
  expect(queried.map(({ table }) => table)).toEqual(['products', 'customers', 'accounts', 'stock']);
  expect(queried[3]?.values).toEqual([
    ['tea', 'mug', 'kettle'],
    [100, 20, 5],
  ]);
});

test('an account has the card of its customer, or null without a card', async () => {
  const { queries, queried } = recording();
  const dora = {
    id: 'dora',
    name: 'Dora',
    card: 'card-dora',
    balanceCents: 0,
    creditLimitCents: 0,
  };
  const [alice = dora] = DEFAULT_WORLD.customers;
  await stockDatabase(queries, 'payment', { products: [], customers: [alice, dora] });
  expect(queried[0]?.values[3]).toEqual([null, 'card-dora']);
});

test('a database is stocked when its first table has a row', async () => {
  expect(await isStocked(recording([{}]).queries, 'order')).toBe(true);
  expect(await isStocked(recording().queries, 'order')).toBe(false);
});
