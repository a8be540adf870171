import { releaseStock as release, reserveStock as reserve, TOPICS } from '@indoubt/contracts';
import { answers, type Tx, withTransaction } from '@indoubt/database';
import { readConfig, runService, serviceConfig } from '@indoubt/http';
import { chosenInbox } from '@indoubt/inbox';
import { backlogOf, enqueue } from '@indoubt/outbox';
import { record } from '@indoubt/record';
import { commandHandler, createSagaParticipant } from '@indoubt/saga';
import { measure, openService, throughLinks } from '@indoubt/service-host';
import {
  branchWork,
  openTransactionParticipant,
  transactionParticipantSettings,
} from '@indoubt/two-phase-commit';
import { stockRoutes } from './http.ts';
import { releaseStock } from './release-stock.ts';
import { reserveStock } from './reserve-stock.ts';

const NAME = 'inventory';
const CONNECTIONS_MAX = 10;
const settings = serviceConfig.extend(transactionParticipantSettings);

runService(async () => {
  const config = await throughLinks(NAME, readConfig(settings, process.env));
  const service = await openService(NAME, config, CONNECTIONS_MAX);
  const { pool, read, broker, waker, log } = service;
  const transactionParticipant = await openTransactionParticipant({
    service: NAME,
    config,
    pool,
    read,
    log,
    works: [branchWork({ ...reserve, act: reserveStock })],
  });
  const sagaParticipant = createSagaParticipant({ answerOnce: chosenInbox(pool), enqueue }, [
    commandHandler({ ...reserve, act: reserveStock }),
    commandHandler({ ...release, act: releaseStock }),
  ]);
  const consumer = await broker.consume<Tx>({
    topic: TOPICS.inventoryCommands,
    group: NAME,
    sessionMs: config.KAFKA_SESSION_TIMEOUT_MS,
    within: (work, attemptsMax) => withTransaction(pool, work, attemptsMax),
    async handle(tx, message) {
      tx.onCommit(waker.wake);
      await sagaParticipant(tx, message);
    },
  });
  measure({
    outbox: () => backlogOf(read),
    prepared: transactionParticipant?.branches.inDoubt,
    lag: consumer.lag,
  });
  const ready = async () => ({ database: await answers(read), broker: consumer.joined() });
  const routes = [...stockRoutes(read), ...(transactionParticipant?.routes ?? [])];
  const http = await service.serve(routes, ready);
  await Promise.all([consumer.whenJoined(), answers(read)]);
  record({ event: 'service-ready', port: http.port });
  return async () => {
    await http.close();
    await transactionParticipant?.close();
    await consumer.close();
    await service.close();
  };
});
