/** A folder of numbered SQL files, and who owns them: each owner has a history of its own. */
export interface Migrations {
  owner: string;
  dir: string;
}

/**
 * Brings a database up to date: each owner's files in order, once, under an advisory lock, so that
 * several copies of a service may start at the same time.
 * @throws what Postgres says of the file that failed; that file's changes are undone
 */
export async function migrate(databaseUrl: string, owners: Migrations[]): Promise<void> {
  // Loaded here: a service that does not migrate need not wait for it to be read.
  const { runner } = await import('node-pg-migrate');
  for (const { owner, dir } of owners) {
    await runner({
      databaseUrl,
      dir,
      direction: 'up',
      migrationsTable: `migrations_${owner}`,
      checkOrder: true,
      log: () => undefined,
    });
  }
}
