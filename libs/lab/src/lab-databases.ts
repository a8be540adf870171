import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { autocommit, createPool, type Migrations, migrate, type Pool } from '@indoubt/database';
import type { DatabaseOwner, Infrastructure } from './infrastructure/provider.ts';
import type { World } from './scenario.ts';

export interface LabDatabase {
  url: string;
  pool: Pool;
  /** Closes our connections and drops the database. */
  drop(): Promise<void>;
}
export type LabDatabases = Record<DatabaseOwner, LabDatabase>;

/** Owners of tables in each service's database: its own, and the patterns it uses. */
const PATTERNS: Record<DatabaseOwner, string[]> = {
  order: ['outbox', 'saga'],
  payment: ['outbox', 'inbox'],
  inventory: ['outbox', 'inbox'],
};

/**
 * A database of this lab's own on each server, cloned from a migrated template, with the world in
 * it. All of them or none.
 */
export async function createLabDatabases(
  infrastructure: Infrastructure,
  root: string,
  labId: string,
  world: World,
): Promise<LabDatabases> {
  const { databaseUrls } = infrastructure;
  const made = await Promise.allSettled([
    createOne(databaseUrls.order, root, labId, 'order'),
    createOne(databaseUrls.payment, root, labId, 'payment'),
    createOne(databaseUrls.inventory, root, labId, 'inventory'),
  ]);
  try {
    const databases = {
      order: whole(made[0]),
      payment: whole(made[1]),
      inventory: whole(made[2]),
    };
    await seed(databases, world);
    return databases;
  } catch (error) {
    const those = made.filter((each) => each.status === 'fulfilled').map(({ value }) => value);
    await Promise.all(those.map((database) => database.drop()));
    throw error;
  }
}

/** The value of a settled promise. @throws why it was rejected */
export function whole<T>(made: PromiseSettledResult<T>): T {
  if (made.status === 'rejected') throw made.reason;
  return made.value;
}

export async function dropDatabases(databases: LabDatabases): Promise<void> {
  await Promise.all(Object.values(databases).map((database) => database.drop()));
}

async function createOne(
  adminUrl: string,
  root: string,
  labId: string,
  owner: DatabaseOwner,
): Promise<LabDatabase> {
  const admin = createPool({
    url: adminUrl,
    name: `lab ${labId}`,
    connectionsMax: 1,
    patient: true,
  });
  try {
    const template = await templateOf(admin, adminUrl, root, owner);
    const name = `lab_${labId}_${owner}`;
    await admin.query(`create database ${name} template ${template}`);
    const url = onDatabase(adminUrl, name);
    const pool = createPool({ url, name: `lab ${labId}`, connectionsMax: 3 });
    return { url, pool, drop: () => drop(adminUrl, name, pool) };
  } finally {
    await admin.end();
  }
}

async function drop(adminUrl: string, name: string, pool: Pool): Promise<void> {
  await pool.end();
  const admin = createPool({ url: adminUrl, name: 'lab', connectionsMax: 1, patient: true });
  try {
    await admin.query(`drop database if exists ${name} with (force)`);
  } finally {
    await admin.end();
  }
}

/**
 * One template for each state of the migrations: made once on a server, then cloned in about 50 ms.
 */
async function templateOf(
  admin: Pool,
  adminUrl: string,
  root: string,
  owner: DatabaseOwner,
): Promise<string> {
  const folders = migrationsOf(root, owner);
  const name = `template_${owner}_${await fingerprint(folders)}`;
  // Two labs may want it at the same moment: the second waits for the first.
  await admin.query(`select pg_advisory_lock(hashtext('${name}'))`);
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [name]);
  if (rowCount === 0) {
    const building = `${name}_building`;
    await admin.query(`drop database if exists ${building} with (force)`);
    await admin.query(`create database ${building}`);
    await migrate(onDatabase(adminUrl, building), folders);
    await admin.query(`alter database ${building} rename to ${name}`);
  }
  await admin.query(`select pg_advisory_unlock(hashtext('${name}'))`);
  return name;
}

function migrationsOf(root: string, owner: DatabaseOwner): Migrations[] {
  const patterns = PATTERNS[owner].map((name) => ({
    owner: name,
    dir: join(root, 'libs', name, 'migrations'),
  }));
  return [...patterns, { owner, dir: join(root, 'services', owner, 'migrations') }];
}

async function fingerprint(folders: Migrations[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { owner, dir } of folders) {
    for (const file of (await readdir(dir)).toSorted()) {
      hash.update(`${owner}/${file}\n`).update(await readFile(join(dir, file)));
    }
  }
  return hash.digest('hex').slice(0, 12);
}

function onDatabase(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function seed({ order, payment, inventory }: LabDatabases, world: World): Promise<void> {
  const { products, customers } = world;
  const skus = products.map((product) => product.sku);
  const ids = customers.map((customer) => customer.id);
  await Promise.all([
    autocommit(order.pool).query(
      `insert into products (sku, name, unit_price_cents)
       select * from unnest($1::text[], $2::text[], $3::bigint[])`,
      [
        skus,
        products.map((product) => product.name),
        products.map((product) => product.unitPriceCents),
      ],
    ),
    autocommit(order.pool).query(
      'insert into customers (id, name) select * from unnest($1::text[], $2::text[])',
      [ids, customers.map((customer) => customer.name)],
    ),
    autocommit(payment.pool).query(
      `insert into accounts (customer_id, opening_cents, balance_cents, credit_limit_cents)
       select id, cents, cents, credit
         from unnest($1::text[], $2::bigint[], $3::bigint[]) as c (id, cents, credit)`,
      [
        ids,
        customers.map((customer) => customer.balanceCents),
        customers.map((customer) => customer.creditLimitCents),
      ],
    ),
    autocommit(inventory.pool).query(
      `insert into stock (sku, opening, available, held)
       select sku, n, n, 0 from unnest($1::text[], $2::int[]) as s (sku, n)`,
      [skus, products.map((product) => product.stock)],
    ),
  ]);
}
