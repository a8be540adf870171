import {
  durationMs,
  listenForWake,
  port,
  readConfig,
  runEvery,
  runService,
  serviceConfig,
} from '@indoubt/http';
import {
  BATCH_ROWS_MAX,
  chosenRelayPass,
  createLease,
  createOutbox,
  runRelay,
} from '@indoubt/outbox';
import { record } from '@indoubt/record';
import { openService, throughLinks } from '@indoubt/service-host';
import { v7 } from 'uuid';
import { z } from 'zod';

const relayConfig = serviceConfig.extend({
  /** Each database has its own relay, with its own name. */
  SERVICE_NAME: z.string().default('relay'),
  WAKE_PORT: port.default(0),
  /** The delay that a lost wake-up causes. */
  RELAY_POLL_MS: durationMs.default(200),
  /** How long a dead relay blocks the standby relay. */
  RELAY_LEASE_MS: durationMs.default(1_500),
  RELAY_RETRY_MS: durationMs.default(200),
  /** How long published rows are retained, for people to read. */
  RELAY_RETAIN_MS: durationMs.default(3_600_000),
});

const CONNECTIONS_MAX = 2;
const DELETE_EVERY_MS = 60_000;
const DELETE_ROWS_MAX = 1_000;

runService(async () => {
  const asSet = readConfig(relayConfig, process.env);
  const name = asSet.SERVICE_NAME;
  const config = await throughLinks(name, asSet);
  const service = await openService(name, config, CONNECTIONS_MAX);
  const { broker, log } = service;
  const outbox = createOutbox(service.read);
  // Not the pid, since in containers every relay has the same pid.
  const holder = `${name} ${v7()}`;
  const lease = createLease(outbox, holder, config.RELAY_LEASE_MS);
  const pass = chosenRelayPass(service.pool, { lease, publish: broker.publish });
  const relay = runRelay({
    pollMs: config.RELAY_POLL_MS,
    retryMs: config.RELAY_RETRY_MS,
    pass: async () => (await pass()) === BATCH_ROWS_MAX,
  });
  const wakes = await listenForWake({ host: config.HOST, port: config.WAKE_PORT }, relay.wake);
  const deleting = runEvery(
    DELETE_EVERY_MS,
    async () => void (await outbox.deletePublished(config.RELAY_RETAIN_MS, DELETE_ROWS_MAX)),
    (error) => log.warn({ err: error }, 'old outbox rows could not be deleted; will try again'),
  );
  const ready = async () => ({ database: await outbox.answers(), broker: await broker.answers() });
  const http = await service.serve([], ready);
  await broker.connect();
  record({ event: 'service-ready', port: http.port });
  return async () => {
    await Promise.all([http.close(), wakes.close(), deleting.stop()]);
    await relay.stop();
    await outbox.release(holder);
    await service.close();
  };
});
