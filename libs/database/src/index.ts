export { isLockTimeout } from './database-failure.ts';
export { type Migrations, migrate } from './migrate.ts';
export { createPool, type Pool } from './pool.ts';
export {
  boundLocks,
  finishPrepared,
  listPrepared,
  type Prepared,
  preparedMax,
  prepareTransaction,
} from './prepared.ts';
export { answers, autocommit, type Queries, type Tx, withTransaction } from './transaction.ts';
