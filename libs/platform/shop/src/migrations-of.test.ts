import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrationsOf } from './migrations-of.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

test.each(['order', 'payment', 'inventory', 'coordinator'] as const)(
  'the migrations of %s are where it says, its own last',
  (owner) => {
    const migrations = migrationsOf(root, owner);
    expect(migrations.filter(({ dir }) => !existsSync(dir))).toEqual([]);
    expect(migrations.at(-1)?.owner).toBe(owner);
  },
);

test('each pattern has a history of its own', () => {
  const owners = migrationsOf(root, 'order').map(({ owner }) => owner);
  expect(owners).toEqual(['outbox', 'idempotency', 'saga', 'two-phase-commit', 'order']);
});
