export { type Migrations, migrate } from './migrate.ts';
export { createPool, type Pool, type PoolOptions } from './pool.ts';
export { answers, autocommit, type Tx, withTransaction } from './transaction.ts';
