/** The superuser of each server; the lab makes its databases as this one. */
const POSTGRES_USER = 'lab';

/**
 * What each server is told. Durability is left as Postgres ships it, written out because the lab's
 * lessons rest on it; the rest keeps idle servers small and quick to start.
 */
const POSTGRES_SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'replica',
  max_connections: '100',
  // Zero as shipped, which refuses PREPARE TRANSACTION altogether.
  max_prepared_transactions: '64',
  // Only this machine, and no socket file: its path is limited to 107 bytes, a checkout's is not.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '32MB',
  // In the data folder, so that even a server killed with SIGKILL leaves nothing in /dev/shm.
  dynamic_shared_memory_type: 'mmap',
  // No helper processes that the lab's short queries never use.
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
  // The same order and case rules on every machine, whatever locales it has.
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  // The template is a cache: if the machine dies, it is made again.
  '--no-sync',
  '--no-instructions',
];

/** @param instead  settings in place of ours, by name */
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
  const who = `${POSTGRES_USER}:${encodeURIComponent(password)}`;
  return `postgres://${who}@127.0.0.1:${port}/${database}`;
}
