export { type Migrations, migrate } from './migrate.ts';
export { createPool, type Pool, type PoolOptions } from './pool.ts';
export { autocommit, type Tx, withTransaction } from './transaction.ts';
