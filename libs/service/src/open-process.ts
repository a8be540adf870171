import {
  createApp,
  createLog,
  type Listening,
  type Log,
  listen,
  type ProcessConfig,
  type Ready,
  type Router,
  startTelemetry,
} from '@indoubt/chassis';
import { autocommit, createPool, type Pool, type Queries } from '@indoubt/database';
import { armFailpoints, parseChaos } from '@indoubt/failpoint';
import { record } from '@indoubt/record';

/** What every process of the lab stands on, opened from its settings. */
export interface Process {
  log: Log;
  pool: Pool;
  /** Single statements, outside of any transaction. */
  read: Queries;
  /** Serves these routes, /healthz and /readyz. */
  serve(routes: (app: Router) => void, ready: Ready): Promise<Listening>;
}

/**
 * Opens log, record, crash points and database of a process.
 * @param connectionsMax of the database pool
 * @throws Failure 'invalid-config' (definite) when CHAOS cannot be read
 */
export async function openProcess(
  name: string,
  config: ProcessConfig,
  connectionsMax: number,
): Promise<Process> {
  const log = createLog({ service: name, level: config.LOG_LEVEL });
  await startTelemetry({ service: name, recordFile: config.RECORD_FILE, log });
  armFailpoints(parseChaos(config.CHAOS), (armed) =>
    record({ event: 'failpoint-hit', name: armed.name, hit: armed.hit }),
  );
  const pool = createPool({ url: config.DATABASE_URL, name, connectionsMax });
  return {
    log,
    pool,
    read: autocommit(pool),
    serve: (routes, ready) =>
      listen(createApp({ name, log, routes, ready }), { host: config.HOST, port: config.PORT }),
  };
}
