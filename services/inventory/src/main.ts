import { createBroker } from '@indoubt/broker';
import {
  createApp,
  createLog,
  createWaker,
  listen,
  readConfig,
  runService,
  serviceConfig,
  startTelemetry,
} from '@indoubt/chassis';
import { releaseStock as release, reserveStock as reserve, TOPICS } from '@indoubt/contracts';
import { autocommit, createPool, type Tx, withTransaction } from '@indoubt/database';
import { armFailpoints, failpoint, parseChaos } from '@indoubt/failpoint';
import { answerOnce } from '@indoubt/inbox';
import { enqueue } from '@indoubt/outbox';
import { record } from '@indoubt/record';
import { commandHandler, createParticipant } from '@indoubt/saga';
import { stockRoutes } from './http.ts';
import { reserveStock } from './reserve-stock.ts';
import { releaseStock } from './stock-store.ts';

const NAME = 'inventory';

runService(async () => {
  const config = readConfig(serviceConfig, process.env);
  const log = createLog({ service: NAME, level: config.LOG_LEVEL });
  await startTelemetry({ service: NAME, recordFile: config.RECORD_FILE });
  armFailpoints(parseChaos(config.CHAOS), ({ name, hit }) =>
    record({ event: 'failpoint-hit', name, hit }),
  );
  const pool = createPool({ url: config.DATABASE_URL, name: NAME, connectionsMax: 10 });
  const broker = createBroker({
    brokers: config.KAFKA_BROKERS,
    clientId: NAME,
    prefix: config.TOPIC_PREFIX,
    log: (level, message, fields) => log[level](fields, message),
  });
  const waker = createWaker(config.RELAY_WAKE ?? []);
  const answer = createParticipant({ answerOnce, enqueue }, [
    commandHandler({ type: reserve.type, body: reserve.body, act: reserveStock }),
    commandHandler({
      type: release.type,
      body: release.body,
      undoes: release.undoes,
      async act(tx, { orderId }) {
        await releaseStock(tx, orderId);
        return { outcome: 'done' };
      },
    }),
  ]);
  const consumer = await broker.consume<Tx>({
    topic: TOPICS.inventoryCommands,
    group: NAME,
    sessionMs: config.KAFKA_SESSION_TIMEOUT_MS,
    within: (work) => withTransaction(pool, work),
    async handle(tx, message) {
      tx.onCommit(waker.wake);
      await answer(tx, message);
    },
    beforeAcknowledge: () => failpoint('inventory:handled-not-acknowledged'),
  });
  const read = autocommit(pool);
  const ready = async () => ({
    database: (await read.query('select 1')).length === 1,
    broker: consumer.joined(),
  });
  const app = createApp({ name: NAME, log, routes: stockRoutes(read), ready });
  const http = await listen(app, { host: config.HOST, port: config.PORT });
  await consumer.whenJoined();
  record({ event: 'service-ready', port: http.port });
  return async () => {
    await http.close();
    await consumer.close();
    waker.close();
    await Promise.all([broker.close(), pool.end()]);
  };
});
