import { armChaos, type FaultHit } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import {
  createApp,
  createLog,
  type Listening,
  type Log,
  listen,
  type ProcessConfig,
  type Ready,
  type Route,
  startTelemetry,
  tracesTarget,
} from '@indoubt/http';
import { record } from '@indoubt/record';
import { chaosRoutes } from './chaos-routes.ts';
import { countEvents } from './metrics/count-events.ts';
import { measureLoop } from './metrics/measure-process.ts';

/** The parts of every process, also of a process without a database. */
export interface Edge {
  log: Log;
  /**
   * Serves these routes, and the routes that every process has.
   * @param shed whether so much work waits already that public requests are refused
   */
  serve(routes: readonly Route[], ready: Ready, shed?: () => boolean): Promise<Listening>;
}

export type EdgeConfig = Omit<ProcessConfig, 'DATABASE_URL' | 'POOL_WAITING_MAX'>;

/**
 * Opens the log, the record, the crash points and the HTTP edge of a process.
 * @throws Failure 'invalid-config' (definite) when faults can be armed without a secret
 */
export async function openEdge(name: string, config: EdgeConfig): Promise<Edge> {
  const log = createLog({ service: name, level: config.LOG_LEVEL });
  const traces = tracesTarget(config);
  await startTelemetry({ service: name, recordFile: config.RECORD_FILE, traces, log });
  countEvents(name);
  measureLoop();
  armChaos({ process: name, rules: config.CHAOS, seed: config.CHAOS_SEED, emit: recordHit });
  const control = controlOf(name, config);
  const {
    HOST: host,
    PORT: port,
    SERVICE_SECRET: secret,
    RATE_LIMIT_PER_SECOND: ratePerSecond,
    IN_FLIGHT_MAX: inFlightMax,
  } = config;
  return {
    log,
    serve(own, ready, shed = () => false) {
      const routes = [...own, ...control];
      const limits = { ratePerSecond, inFlightMax, shed };
      return listen(createApp({ name, log, routes, ready, secret, limits }), { host, port });
    },
  };
}

function recordHit({ kind, ...hit }: FaultHit): void {
  record({ event: kind === 'failpoint' ? 'failpoint-hit' : 'fault-hit', ...hit });
}

/** @throws Failure 'invalid-config' (definite): without a secret anybody could arm faults */
function controlOf(process: string, config: EdgeConfig): Route[] {
  const { CHAOS_CONTROL, CHAOS_LINKS, SERVICE_SECRET: secret } = config;
  if (CHAOS_CONTROL === 'off') return [];
  if (secret === undefined) {
    const what = 'CHAOS_CONTROL is on, and SERVICE_SECRET is not set';
    throw new Failure('invalid-config', `${what}: anybody could arm faults.\nSet it as well.`);
  }
  return chaosRoutes({ process, hasLinks: CHAOS_LINKS === 'on' });
}
