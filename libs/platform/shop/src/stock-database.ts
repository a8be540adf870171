import type { Queries } from '@indoubt/database';
import type { Owner } from './migrations-of.ts';
import type { World } from './world.ts';

/** How each owner's part of the world is written; the coordinator has no part. */
const STOCKING: Record<Owner, (queries: Queries, world: World) => Promise<unknown>> = {
  order: stockOrder,
  payment: stockPayment,
  inventory: stockInventory,
  coordinator: async () => undefined,
};

const FIRST_ROWS: Record<Owner, string> = {
  order: 'select from products limit 1',
  payment: 'select from accounts limit 1',
  inventory: 'select from stock limit 1',
  coordinator: 'select',
};

/** Writes the owner's part of the world into its empty tables. */
export async function stockDatabase(queries: Queries, owner: Owner, world: World): Promise<void> {
  await STOCKING[owner](queries, world);
}

/** Whether the owner's tables already have rows. */
export async function isStocked(queries: Queries, owner: Owner): Promise<boolean> {
  return (await queries.query(FIRST_ROWS[owner])).length > 0;
}

async function stockOrder(queries: Queries, { products, customers }: World): Promise<void> {
  await queries.query(
    `insert into products (sku, name, unit_price_cents)
     select * from unnest($1::text[], $2::text[], $3::bigint[])`,
    [
      products.map((product) => product.sku),
      products.map((product) => product.name),
      products.map((product) => product.unitPriceCents),
    ],
  );
  await queries.query(
    'insert into customers (id, name) select * from unnest($1::text[], $2::text[])',
    [customers.map((customer) => customer.id), customers.map((customer) => customer.name)],
  );
}

async function stockPayment(queries: Queries, { customers }: World): Promise<void> {
  await queries.query(
    `insert into accounts (customer_id, opening_cents, balance_cents, credit_limit_cents, card)
     select id, cents, cents, credit, card
       from unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[])
         as c (id, cents, credit, card)`,
    [
      customers.map((customer) => customer.id),
      customers.map((customer) => customer.balanceCents),
      customers.map((customer) => customer.creditLimitCents),
      customers.map((customer) => customer.card ?? null),
    ],
  );
}

async function stockInventory(queries: Queries, { products }: World): Promise<void> {
  await queries.query(
    `insert into stock (sku, opening, available, held, made_to_order)
     select sku, coalesce(n, 0), coalesce(n, 0), 0, n is null
       from unnest($1::text[], $2::int[]) as s (sku, n)`,
    [products.map((product) => product.sku), products.map((product) => product.stock)],
  );
}
