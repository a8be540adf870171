import { autocommit, createPool, migrate, withTransaction } from '@indoubt/database';
import { DEFAULT_WORLD, isStocked, migrationsOf, stockDatabase, type World } from '@indoubt/shop';

type Owner = Parameters<typeof migrationsOf>[1];

export interface DatabaseToSetUp {
  owner: Owner;
  url: string;
  /** Root folder of the checkout, which has the migrations of all services. */
  root: string;
}

/** The shop of every scenario, and a customer who pays by card. */
const WORLD: World = {
  ...DEFAULT_WORLD,
  customers: [
    ...DEFAULT_WORLD.customers,
    { id: 'dora', name: 'Dora', card: 'card-dora', balanceCents: 0, creditLimitCents: 0 },
  ],
};

const NAME = 'set-up';

/**
 * Creates a database, its tables and its part of the shop, as far as they are missing. May be
 * killed at any point and run again.
 * @throws Failure 'database-unavailable' (indefinite: run again); the error of a failed migration
 */
export async function setUpDatabase({ owner, url, root }: DatabaseToSetUp): Promise<void> {
  await createDatabase(url);
  await migrate(url, migrationsOf(root, owner));
  const pool = createPool({ url, name: NAME, connectionsMax: 1, patient: true });
  try {
    await withTransaction(pool, async (tx) => {
      if (!(await isStocked(tx, owner))) await stockDatabase(tx, owner, WORLD);
    });
  } finally {
    await pool.end();
  }
}

async function createDatabase(url: string): Promise<void> {
  const admin = new URL(url);
  const name = admin.pathname.slice(1);
  admin.pathname = '/template1'; // every server has it
  const pool = createPool({ url: admin.href, name: NAME, connectionsMax: 1, patient: true });
  try {
    const queries = autocommit(pool);
    const there = await queries.query('select from pg_database where datname = $1', [name]);
    if (there.length === 0) await queries.query(`create database "${name}"`);
  } finally {
    await pool.end();
  }
}
