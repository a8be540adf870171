import { answers, autocommit, createPool } from '@indoubt/database';
import { readConfig, runEvery, runService } from '@indoubt/http';
import { record } from '@indoubt/record';
import { measure, openProcess, throughLinks } from '@indoubt/service-host';
import {
  chosenDecisionLog,
  coordinatorRoutes,
  createCoordinator,
  createParticipantClients,
  decisionLog,
} from '@indoubt/two-phase-commit';
import { coordinatorConfig } from './coordinator-config.ts';

const NAME = 'coordinator';
const CONNECTIONS_MAX = 10;
const LAZY_CONNECTIONS_MAX = 2;
/** A transaction whose end record was lost is resumed after two polls. */
const POLL_EVERY_MS = 1_000;

runService(async () => {
  const config = await throughLinks(NAME, readConfig(coordinatorConfig, process.env));
  const { PARTICIPANTS: urls, SERVICE_SECRET: secret, PREPARE_WITHIN_MS } = config;
  const { pool, read, log, serve } = await openProcess(NAME, config, CONNECTIONS_MAX);
  const lazyPool = createPool({
    url: config.DATABASE_URL,
    name: `${NAME} end records`,
    connectionsMax: LAZY_CONNECTIONS_MAX,
    flushesCommits: false,
  });
  const participants = createParticipantClients(urls, secret, PREPARE_WITHIN_MS);
  let isSuperseded = false;
  const coordinator = createCoordinator({
    log: chosenDecisionLog(decisionLog(read, autocommit(lazyPool))),
    send: participants.send,
    superseded() {
      if (isSuperseded) return;
      isSuperseded = true;
      record({ event: 'coordinator-superseded' });
      log.warn('another coordinator has taken a newer epoch: this coordinator stops deciding');
    },
  });
  // Before any request: a presumed abort is only correct after the epoch is taken and the log read.
  await coordinator.recover();
  const mayDecide = () => !isSuperseded;
  const polling = runEvery(
    POLL_EVERY_MS,
    async () => {
      if (mayDecide()) await coordinator.takeUpLost();
    },
    (error) => log.warn({ err: error }, 'the log could not be read; will try again'),
  );
  measure({ transactions: coordinator.open });
  const routes = coordinatorRoutes(coordinator, mayDecide, (name) => urls.has(name));
  const ready = async () => ({ database: await answers(read), epoch: mayDecide() });
  const http = await serve(routes, ready);
  record({ event: 'service-ready', port: http.port });
  return async () => {
    await http.close();
    await polling.stop();
    await participants.close();
    await Promise.all([pool.end(), lazyPool.end()]);
  };
});
