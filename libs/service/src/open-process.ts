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
import { armChaos, type FaultHit, parseChaos } from '@indoubt/failpoint';
import { Failure } from '@indoubt/failure';
import { record } from '@indoubt/record';
import { chaosRoutes } from './chaos-routes.ts';

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
  const rules = parseChaos(config.CHAOS);
  armChaos({ process: name, rules, seed: config.CHAOS_SEED, tell: tellHit });
  const control = controlOf(name, config);
  const pool = createPool({ url: config.DATABASE_URL, name, connectionsMax });
  return {
    log,
    pool,
    read: autocommit(pool),
    serve: (routes, ready) =>
      listen(
        createApp({
          name,
          log,
          routes: (app) => [routes, ...control].map((add) => add(app)),
          ready,
        }),
        {
          host: config.HOST,
          port: config.PORT,
        },
      ),
  };
}

function tellHit({ kind, ...hit }: FaultHit): void {
  record({ event: kind === 'failpoint' ? 'failpoint-hit' : 'fault-hit', ...hit });
}

/** @throws Failure 'invalid-config' (definite): without a secret anybody could arm faults */
function controlOf(process: string, config: ProcessConfig): ((app: Router) => void)[] {
  const { CHAOS_CONTROL, CHAOS_LINKS, SERVICE_SECRET: secret } = config;
  if (CHAOS_CONTROL === 'off') return [];
  if (secret === undefined) {
    const what = 'CHAOS_CONTROL is on, and SERVICE_SECRET is not set';
    throw new Failure('invalid-config', `${what}: anybody could arm faults.\nSet it as well.`);
  }
  return [chaosRoutes({ process, secret, hasLinks: CHAOS_LINKS === 'on' })];
}
