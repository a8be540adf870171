import { join } from 'node:path';
import type { Migrations } from '@indoubt/database';

/** Owners of tables in each service's database: its own, and the patterns it uses. */
const PATTERNS = {
  order: ['outbox', 'idempotency', 'saga', 'two-phase-commit'],
  payment: ['outbox', 'inbox', 'idempotency', 'two-phase-commit'],
  inventory: ['outbox', 'inbox', 'two-phase-commit'],
  coordinator: [],
} as const satisfies Record<string, string[]>;
export type Owner = keyof typeof PATTERNS;

/**
 * The migrations of one database, in the order in which they run.
 * @param root the checkout, or a folder with the migrations in the same places
 */
export function migrationsOf(root: string, owner: Owner): Migrations[] {
  const patterns = PATTERNS[owner].map((name) => ({
    owner: name,
    dir: join(root, 'libs', 'patterns', name, 'migrations'),
  }));
  return [...patterns, { owner, dir: join(root, 'services', owner, 'migrations') }];
}
