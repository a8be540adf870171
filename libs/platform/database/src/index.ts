export { isImpossible, isLockTimeout } from './database-failure.ts';
export { type Migrations, migrate } from './migrate.ts';
export { createPool, isSaturated, type Pool } from './pool.ts';
export {
  boundLocks,
  finishPrepared,
  listPrepared,
  type Prepared,
  preparedMax,
  prepareTransaction,
} from './prepared.ts';
export {
  answers,
  autocommit,
  commitLazily,
  type Queries,
  type Tx,
  withTransaction,
} from './transaction.ts';
