import { join } from 'node:path';
import type { Migrations } from '@indoubt/database';

/** The owners of tables in each database: the patterns that the service uses, then the service. */
const OWNERS = {
  order: ['outbox', 'idempotency', 'saga', 'two-phase-commit', 'order'],
  payment: ['outbox', 'inbox', 'idempotency', 'two-phase-commit', 'payment'],
  inventory: ['outbox', 'inbox', 'two-phase-commit', 'inventory'],
  coordinator: ['coordinator'],
} as const;
export type Owner = keyof typeof OWNERS;

/** The two sides of two-phase commit have different tables, in different databases. */
const FOLDERS = {
  outbox: 'libs/patterns/outbox/migrations',
  inbox: 'libs/patterns/inbox/migrations',
  idempotency: 'libs/patterns/idempotency/migrations',
  saga: 'libs/patterns/saga/migrations',
  'two-phase-commit': 'libs/patterns/two-phase-commit/migrations/participant',
  coordinator: 'libs/patterns/two-phase-commit/migrations/coordinator',
  order: 'services/order/migrations',
  payment: 'services/payment/migrations',
  inventory: 'services/inventory/migrations',
};

/**
 * The migrations of one database, in the order in which they run.
 * @param root the checkout, or a folder with the migrations in the same places
 */
export function migrationsOf(root: string, owner: Owner): Migrations[] {
  return OWNERS[owner].map((each) => ({ owner: each, dir: join(root, FOLDERS[each]) }));
}
