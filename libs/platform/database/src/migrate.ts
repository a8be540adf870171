/** A folder of numbered SQL files and its owner. Each owner has its own history of migrations. */
export interface Migrations {
  owner: string;
  dir: string;
}

/**
 * Brings a database up to date: runs each owner's new files in order, under an advisory lock, so
 * that several copies of a service may start at the same time.
 * @throws the error of Postgres about the file that failed; the changes of that file are undone
 */
export async function migrate(databaseUrl: string, owners: Migrations[]): Promise<void> {
  // Loaded here, so that a service that does not migrate starts faster.
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
