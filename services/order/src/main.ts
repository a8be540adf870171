import { createBroker } from '@indoubt/broker';
import {
  createApp,
  createLog,
  createWaker,
  durationMs,
  listen,
  readConfig,
  runService,
  serviceConfig,
  startTelemetry,
} from '@indoubt/chassis';
import { TOPICS } from '@indoubt/contracts';
import { autocommit, createPool, type Tx, withTransaction } from '@indoubt/database';
import { armFailpoints, failpoint, parseChaos } from '@indoubt/failpoint';
import { enqueue } from '@indoubt/outbox';
import { record } from '@indoubt/record';
import { createOrchestrator } from '@indoubt/saga';
import { z } from 'zod';
import { createEndOrder } from './end-order.ts';
import { runDeadlines } from './fire-deadlines.ts';
import { handleAnswer } from './handle-answer.ts';
import { orderRoutes } from './http.ts';
import { listOrders, readOrder } from './order-store.ts';
import { createOrderWaiters } from './order-waiters.ts';
import { placeOrder } from './place-order.ts';
import { type PlaceOrderData, placeOrderCommand, placeOrderSaga } from './place-order-saga.ts';

const NAME = 'order';

const orderConfig = serviceConfig.extend({
  /** How long a step may take until its command is sent again; doubles each time. */
  SAGA_ANSWER_WITHIN_MS: durationMs.default(5_000),
  /** How often a step before the pivot is asked before its time is up. */
  SAGA_ASK_MAX: z.coerce.number().int().min(1).max(100).default(4),
  DEADLINE_LOOK_EVERY_MS: durationMs.default(100),
});

runService(async () => {
  const config = readConfig(orderConfig, process.env);
  const log = createLog({ service: NAME, level: config.LOG_LEVEL });
  await startTelemetry({ service: NAME, recordFile: config.RECORD_FILE });
  armFailpoints(parseChaos(config.CHAOS), ({ name, hit }) =>
    record({ event: 'failpoint-hit', name, hit }),
  );
  const pool = createPool({ url: config.DATABASE_URL, name: NAME, connectionsMax: 20 });
  const read = autocommit(pool);
  const broker = createBroker({
    brokers: config.KAFKA_BROKERS,
    clientId: NAME,
    prefix: config.TOPIC_PREFIX,
    log: (level, message, fields) => log[level](fields, message),
  });
  const waker = createWaker(config.RELAY_WAKE ?? []);
  const waiters = createOrderWaiters();
  const endOrder = createEndOrder(waiters.ended);
  const sagas = createOrchestrator<PlaceOrderData>({
    saga: placeOrderSaga({
      answerWithinMs: config.SAGA_ANSWER_WITHIN_MS,
      askMax: config.SAGA_ASK_MAX,
    }),
    command: placeOrderCommand,
    local: (tx, step, { orderId }, reason) => endOrder(tx, step, orderId, reason),
    async enqueue(tx, messages) {
      tx.onCommit(waker.wake);
      await enqueue(tx, messages);
    },
  });
  const consumer = await broker.consume<Tx>({
    topic: TOPICS.sagaReplies,
    group: NAME,
    sessionMs: config.KAFKA_SESSION_TIMEOUT_MS,
    within: (work) => withTransaction(pool, work),
    handle: (tx, message) => handleAnswer(tx, sagas, message),
    beforeAcknowledge: () => failpoint('order:advanced-not-acknowledged'),
  });
  const deadlines = runDeadlines(pool, sagas, log, config.DEADLINE_LOOK_EVERY_MS);
  const app = createApp({
    name: NAME,
    log,
    routes: orderRoutes({
      place: (command) =>
        withTransaction(pool, (tx) => placeOrder(tx, sagas, command, new Date())),
      read: (id) => readOrder(read, id),
      list: (filter) => listOrders(read, filter),
      waiters,
    }),
    ready: async () => ({
      database: (await read.query('select 1')).length === 1,
      broker: consumer.joined(),
    }),
  });
  const http = await listen(app, { host: config.HOST, port: config.PORT });
  await consumer.whenJoined();
  record({ event: 'service-ready', port: http.port });
  return async () => {
    await http.close();
    await deadlines.stop();
    await consumer.close();
    waker.close();
    await Promise.all([broker.close(), pool.end()]);
  };
});
