import { createBroker } from '@indoubt/broker';
import {
  createApp,
  createLog,
  durationMs,
  listen,
  listenForWake,
  port,
  readConfig,
  runEvery,
  runService,
  serviceConfig,
  startTelemetry,
} from '@indoubt/chassis';
import { autocommit, createPool } from '@indoubt/database';
import { armFailpoints, failpoint, parseChaos } from '@indoubt/failpoint';
import { createLease, createOutbox, relayOnce, runRelay } from '@indoubt/outbox';
import { record } from '@indoubt/record';
import { z } from 'zod';

const relayConfig = serviceConfig.extend({
  SERVICE_NAME: z.string().default('relay'),
  WAKE_PORT: port.default(0),
  /** What a lost wake-up costs. */
  RELAY_POLL_MS: durationMs.default(200),
  /** How long a dead relay keeps the one standing by from publishing. */
  RELAY_LEASE_MS: durationMs.default(1_500),
  RELAY_RETRY_MS: durationMs.default(200),
  /** How long published rows stay, for people to look at. */
  RELAY_KEEP_MS: durationMs.default(3_600_000),
});

const FORGET_EVERY_MS = 60_000;
const FORGET_ROWS_MAX = 1_000;

runService(async () => {
  const config = readConfig(relayConfig, process.env);
  const { SERVICE_NAME: name } = config;
  const log = createLog({ service: name, level: config.LOG_LEVEL });
  await startTelemetry({ service: name, recordFile: config.RECORD_FILE });
  armFailpoints(parseChaos(config.CHAOS), (armed) =>
    record({ event: 'failpoint-hit', name: armed.name, hit: armed.hit }),
  );
  const pool = createPool({ url: config.DATABASE_URL, name, connectionsMax: 2 });
  const broker = createBroker({
    brokers: config.KAFKA_BROKERS,
    clientId: name,
    prefix: config.TOPIC_PREFIX,
    log: (level, message, fields) => log[level](fields, message),
  });
  const outbox = createOutbox(autocommit(pool));
  const holder = `${name} ${process.pid}`;
  const lease = createLease(outbox, holder, config.RELAY_LEASE_MS);
  const { publish } = broker;
  const published = () => failpoint('relay:published-not-marked');
  const relay = runRelay({
    pollMs: config.RELAY_POLL_MS,
    retryMs: config.RELAY_RETRY_MS,
    pass: () => relayOnce({ outbox, lease, publish, published }),
  });
  const wakes = await listenForWake({ host: config.HOST, port: config.WAKE_PORT }, relay.wake);
  const forgetting = runEvery(
    FORGET_EVERY_MS,
    async () => void (await outbox.forget(config.RELAY_KEEP_MS, FORGET_ROWS_MAX)),
    (error) => log.warn({ err: error }, 'old outbox rows could not be deleted; will try again'),
  );
  const ready = async () => ({ database: await lease.held().then(() => true), broker: await answers(broker) });
  const app = createApp({ name, log, routes: () => undefined, ready });
  const http = await listen(app, { host: config.HOST, port: config.PORT });
  await broker.ready();
  record({ event: 'service-ready', port: http.port });
  return async () => {
    await Promise.all([http.close(), wakes.close(), forgetting.stop()]);
    await relay.stop();
    await outbox.release(holder);
    await Promise.all([broker.close(), pool.end()]);
  };
});

async function answers(broker: { ready(): Promise<void> }): Promise<boolean> {
  return broker.ready().then(
    () => true,
    () => false,
  );
}
