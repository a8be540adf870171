import { durationMs, type Router, readConfig, runService, serviceConfig } from '@indoubt/chassis';
import { coordination, createOrder as create, TOPICS } from '@indoubt/contracts';
import { answers, type Tx, withTransaction } from '@indoubt/database';
import { failpoint } from '@indoubt/failpoint';
import { enqueue } from '@indoubt/outbox';
import { inSpan, record } from '@indoubt/record';
import { createOrchestrator } from '@indoubt/saga';
import { openService } from '@indoubt/service';
import { branchWork, openParticipant, participantSettings } from '@indoubt/two-phase-commit';
import { z } from 'zod';
import { createOrder } from './create-order.ts';
import { createEndOrder } from './end-order.ts';
import { runDeadlines } from './fire-deadlines.ts';
import { handleAnswer } from './handle-answer.ts';
import { orderRoutes } from './http.ts';
import { listOrders, readOrder } from './order-store.ts';
import { createOrderWaiters } from './order-waiters.ts';
import { createPlaceEither } from './place-either.ts';
import { placeOrder } from './place-order.ts';
import { type PlaceOrderData, placeOrderCommand, placeOrderSaga } from './place-order-saga.ts';

const NAME = 'order';
const CONNECTIONS_MAX = 20;

const orderConfig = serviceConfig.extend({
  ...participantSettings,
  /** How an order is placed when its request does not say. */
  COORDINATION: coordination.default('saga'),
  TRANSACTION_PRESUME: z.enum(['abort', 'nothing']).default('abort'),
  TRANSACTION_BRANCHES: z.enum(['parallel', 'sequential']).default('parallel'),
  TRANSACTION_LAST_RESOURCE: z.stringbool().default(false),
  TRANSACTION_WITHIN_MS: durationMs.default(10_000),
  /** How long a step may take until its command is sent again; doubles each time. */
  SAGA_ANSWER_WITHIN_MS: durationMs.default(5_000),
  /** How often a step before the pivot is asked before its time is up. */
  SAGA_ASK_MAX: z.coerce.number().int().min(1).max(100).default(4),
  DEADLINE_LOOK_EVERY_MS: durationMs.default(100),
});

runService(async () => {
  const config = readConfig(orderConfig, process.env);
  const service = await openService(NAME, config, CONNECTIONS_MAX);
  const { pool, read, broker, waker, log } = service;
  const participant = await openParticipant({
    service: NAME,
    config,
    pool,
    read,
    log,
    works: [branchWork({ ...create, act: createOrder })],
    ended: (orderId, did) => {
      if (did === 'commit')
        record({ event: 'order-ended', orderId, status: 'CONFIRMED', reason: null });
    },
    crash: (point) => failpoint(`${NAME}:${point}`),
  });
  const waiters = createOrderWaiters();
  const endOrder = createEndOrder(waiters.ended);
  const { SAGA_ANSWER_WITHIN_MS: answerWithinMs, SAGA_ASK_MAX: askMax } = config;
  const sagas = createOrchestrator<PlaceOrderData>({
    saga: placeOrderSaga({ answerWithinMs, askMax }),
    command: placeOrderCommand,
    local: (tx, step, { orderId }, reason) => endOrder(tx, step, orderId, reason),
    enqueue(tx, messages) {
      tx.onCommit(waker.wake);
      enqueue(tx, messages);
    },
  });
  const consumer = await broker.consume<Tx>({
    topic: TOPICS.sagaReplies,
    group: NAME,
    sessionMs: config.KAFKA_SESSION_TIMEOUT_MS,
    within: (work, attemptsMax) => withTransaction(pool, work, attemptsMax),
    handle: (tx, message) => handleAnswer(tx, sagas, message),
    beforeAcknowledge: () => failpoint('order:advanced-not-acknowledged'),
  });
  const deadlines = runDeadlines(pool, sagas, log, config.DEADLINE_LOOK_EVERY_MS);
  const routesOfOrders = orderRoutes({
    place: createPlaceEither({
      pool,
      read,
      participant,
      settings: config,
      bySaga: (command) =>
        inSpan('place-order', {}, () =>
          withTransaction(pool, (tx) => placeOrder(tx, sagas, command, new Date())),
        ),
    }),
    isInDoubt: async (id) => (await participant?.branches.isPrepared(id)) ?? false,
    read: (id) => readOrder(read, id),
    list: (filter) => listOrders(read, filter),
    waiters,
  });
  const ready = async () => ({ database: await answers(read), broker: consumer.joined() });
  const routes = (app: Router) => {
    routesOfOrders(app);
    participant?.routes(app);
  };
  const http = await service.serve(routes, ready);
  await Promise.all([consumer.whenJoined(), answers(read)]);
  record({ event: 'service-ready', port: http.port });
  return async () => {
    waiters.close();
    await http.close();
    await participant?.close();
    await deadlines.stop();
    await consumer.close();
    await service.close();
  };
});
