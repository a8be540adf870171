/** The superuser of each server. The lab creates its databases as this user. */
const POSTGRES_USER = 'lab';

/**
 * Settings of each server. The durability settings are the defaults of Postgres, written out
 * because the lessons depend on them. The other settings make idle servers small and quick to
 * start.
 */
const POSTGRES_SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'replica',
  max_connections: '100',
  // The default is 0, with which Postgres refuses PREPARE TRANSACTION.
  max_prepared_transactions: '64',
  // No socket file: its path may have at most 107 bytes, and the path of a checkout may be longer.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '32MB',
  // mmap: in the data folder, so that a server killed by SIGKILL leaves no files in /dev/shm.
  dynamic_shared_memory_type: 'mmap',
  // No helper processes, because the lab's short queries do not use them.
  io_method: 'sync',
  jit: 'off',
  max_parallel_workers: '0',
  max_logical_replication_workers: '0',
  max_wal_senders: '0',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  log_timezone: 'UTC',
  timezone: 'UTC',
} as const;

export const INITDB_ARGUMENTS = [
  `--username=${POSTGRES_USER}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  // The same sort order and case rules on every machine, independent of its locales.
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  // The template is only a cache, so it need not survive a crash of the machine.
  '--no-sync',
  '--no-instructions',
];

/** @param instead  settings that replace the default settings of the same name */
export function postgresArguments(
  dataDir: string,
  port: number,
  instead: Record<string, string> = {},
): string[] {
  const settings = Object.entries({ ...POSTGRES_SETTINGS, ...instead, port: String(port) });
  return ['-D', dataDir, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** postgres:// URL of the superuser on the maintenance database. */
export function postgresUrl(port: number, password: string, database = 'postgres'): string {
  const login = `${POSTGRES_USER}:${encodeURIComponent(password)}`;
  return `postgres://${login}@127.0.0.1:${port}/${database}`;
}
