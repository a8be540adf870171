import { type Broker, createBroker } from '@indoubt/broker';
import {
  createApp,
  createLog,
  createWaker,
  type Listening,
  type Log,
  listen,
  type Ready,
  type Router,
  type ServiceConfig,
  startTelemetry,
  type Waker,
} from '@indoubt/chassis';
import { autocommit, createPool, type Pool, type Queries } from '@indoubt/database';
import { armFailpoints, parseChaos } from '@indoubt/failpoint';
import { record } from '@indoubt/record';

/** What every service process stands on, opened from its settings. */
export interface Service {
  log: Log;
  pool: Pool;
  /** Single statements, outside of any transaction. */
  read: Queries;
  broker: Broker;
  /** Tells the relay after a commit that its outbox has rows. */
  waker: Waker;
  /** Serves these routes, /healthz and /readyz. */
  serve(routes: (app: Router) => void, ready: Ready): Promise<Listening>;
  /** Closes what was opened, after the service itself has stopped working. */
  close(): Promise<void>;
}

/**
 * Opens log, record, crash points, database, broker and wake-up line of a process.
 * @param connectionsMax of the database pool
 * @throws Failure 'invalid-config' (definite) when CHAOS cannot be read
 */
export async function openService(
  name: string,
  config: ServiceConfig,
  connectionsMax: number,
): Promise<Service> {
  const log = createLog({ service: name, level: config.LOG_LEVEL });
  await startTelemetry({ service: name, recordFile: config.RECORD_FILE, log });
  armFailpoints(parseChaos(config.CHAOS), (armed) =>
    record({ event: 'failpoint-hit', name: armed.name, hit: armed.hit }),
  );
  const pool = createPool({ url: config.DATABASE_URL, name, connectionsMax });
  const broker = createBroker({
    brokers: config.KAFKA_BROKERS,
    clientId: name,
    prefix: config.TOPIC_PREFIX,
    log: (level, message, fields) => log[level](fields, message),
  });
  const waker = createWaker(config.RELAY_WAKE ?? []);
  return {
    log,
    pool,
    read: autocommit(pool),
    broker,
    waker,
    serve: (routes, ready) =>
      listen(createApp({ name, log, routes, ready }), { host: config.HOST, port: config.PORT }),
    async close() {
      waker.close();
      await Promise.all([broker.close(), pool.end()]);
    },
  };
}
