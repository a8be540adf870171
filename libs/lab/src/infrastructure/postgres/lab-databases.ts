import { autocommit, createPool, type Pool } from '@indoubt/database';
import { stockDatabase, type World } from '@indoubt/shop';
import { DATABASE_OWNERS, type DatabaseOwner, type Infrastructure } from '../provider.ts';
import { databaseUrl, ensureTemplate } from './lab-template.ts';

export interface LabDatabase {
  url: string;
  pool: Pool;
  /** Closes the pool and drops the database, even with transactions in doubt. */
  drop(): Promise<void>;
}
export type LabDatabases = Record<DatabaseOwner, LabDatabase>;

/**
 * Creates a database for this lab on each server: a clone of a migrated template, filled with the
 * world. When one fails, the others are dropped.
 */
export async function createLabDatabases(
  infrastructure: Infrastructure,
  root: string,
  labId: string,
  world: World,
): Promise<LabDatabases> {
  const made = await Promise.allSettled(
    DATABASE_OWNERS.map(async (owner): Promise<[DatabaseOwner, LabDatabase]> => {
      return [owner, await createOne(infrastructure.databaseUrls[owner], root, labId, owner)];
    }),
  );
  try {
    const databases = Object.fromEntries(made.map(whole)) as LabDatabases;
    await stock(databases, world);
    return databases;
  } catch (error) {
    const those = made.filter((each) => each.status === 'fulfilled').map(({ value }) => value[1]);
    await Promise.all(those.map((database) => database.drop()));
    throw error;
  }
}

/** The lab's connection pool of each database. */
export function poolsOf(databases: LabDatabases): Record<DatabaseOwner, Pool> {
  const pools = DATABASE_OWNERS.map((owner) => [owner, databases[owner].pool]);
  return Object.fromEntries(pools) as Record<DatabaseOwner, Pool>;
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
    const template = await ensureTemplate(admin, adminUrl, root, owner);
    const name = `lab_${labId}_${owner}`;
    await admin.query(`create database ${name} template ${template}`);
    const url = databaseUrl(adminUrl, name);
    const pool = createPool({ url, name: `lab ${labId}`, connectionsMax: 3 });
    return { url, pool, drop: () => drop(adminUrl, name, pool) };
  } finally {
    await admin.end();
  }
}

async function drop(adminUrl: string, name: string, pool: Pool): Promise<void> {
  try {
    await rollBackPrepared(pool);
  } finally {
    await pool.end();
  }
  const admin = createPool({ url: adminUrl, name: 'lab', connectionsMax: 1, patient: true });
  try {
    await admin.query(`drop database if exists ${name} with (force)`);
  } finally {
    await admin.end();
  }
}

/** A backend normally ends within milliseconds. */
const ENDED_WITHIN_MS = 5_000;

/**
 * Postgres does not drop a database with a prepared transaction, and a lab may end with
 * transactions in doubt. The connections of the services are closed first, because a session that
 * waits for a lock could otherwise prepare a transaction after the list was read.
 */
async function rollBackPrepared(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(
      `select pg_terminate_backend(pid, $1) from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend'
          and pid <> pg_backend_pid()`,
      [ENDED_WITHIN_MS],
    );
    const { rows } = await client.query<{ gid: string }>(
      'select quote_literal(gid) as gid from pg_prepared_xacts where database = current_database()',
    );
    for (const { gid } of rows) await client.query(`rollback prepared ${gid}`);
  } finally {
    client.release();
  }
}

async function stock(databases: LabDatabases, world: World): Promise<void> {
  await Promise.all(
    DATABASE_OWNERS.map((owner) => stockDatabase(autocommit(databases[owner].pool), owner, world)),
  );
}
