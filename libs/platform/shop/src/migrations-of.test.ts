import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrationsOf } from './migrations-of.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

test.each(['order', 'payment', 'inventory', 'coordinator'] as const)(
  'the folders of the migrations of %s exist, and its own migrations run last',
  (owner) => {
    const migrations = migrationsOf(root, owner);
    expect(migrations.filter(({ dir }) => !existsSync(dir))).toEqual([]);
    expect(migrations.at(-1)?.owner).toBe(owner);
  },
);

test('each pattern owns its own migrations', () => {
  const owners = migrationsOf(root, 'order').map(({ owner }) => owner);
  expect(owners).toEqual(['outbox', 'idempotency', 'saga', 'two-phase-commit', 'order']);
});
