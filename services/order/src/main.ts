import { createOrder as create, type PlaceOrder, TOPICS } from '@indoubt/contracts';
import { answers, type Pool, type Tx, withTransaction } from '@indoubt/database';
import { readConfig, runService } from '@indoubt/http';
import {
  answerKeyed,
  countClaims,
  type KeyedRequest,
  type Keys,
  chosenKeys,
  reapKeys,
} from '@indoubt/idempotency';
import { backlogOf, chosenEnqueue } from '@indoubt/outbox';
import { record } from '@indoubt/record';
import { chosenAdvance, createOrchestrator } from '@indoubt/saga';
import { measure, openService, type Service, throughLinks } from '@indoubt/service-host';
import { branchWork, openParticipant } from '@indoubt/two-phase-commit';
import { acceptanceOf } from './acceptance.ts';
import { createCreateOrder } from './create-order.ts';
import { createEndOrder } from './end-order.ts';
import { runDeadlines } from './fire-deadlines.ts';
import { handleAnswer } from './handle-answer.ts';
import { orderRoutes } from './http.ts';
import { type OrderConfig, orderConfig } from './order-config.ts';
import { listOrders, readOrder } from './order-store.ts';
import { createOrderWaiters } from './order-waiters.ts';
import { createPlaceEither } from './place-either.ts';
import { placeOrder } from './place-order.ts';
import { type PlaceOrderData, placeOrderCommand, placeOrderSaga } from './place-order-saga.ts';

const NAME = 'order';
const CONNECTIONS_MAX = 20;

runService(async () => {
  const config = await throughLinks(NAME, readConfig(orderConfig, process.env));
  const service = await openService(NAME, config, CONNECTIONS_MAX);
  const { pool, read, log } = service;
  const { IDEMPOTENCY_LEASE_MS: leaseMs, IDEMPOTENCY_KEEP_MS: keepMs } = config;
  const keys = countClaims(chosenKeys(pool, { leaseMs, keepMs }));
  const participant = await ownBranches(service, config, keys);
  const waiters = createOrderWaiters();
  const underWay = new Set<string>();
  const endOrder = createEndOrder(waiters.ended);
  const sagas = ownSagas(service, config, endOrder);
  const consumer = await consumeReplies(service, config, sagas);
  const deadlines = runDeadlines(pool, sagas, log, config.DEADLINE_LOOK_EVERY_MS);
  const reaping = reapKeys(read, keys, log);
  const routesOfOrders = orderRoutes({
    place: createPlaceEither({
      pool,
      participant,
      underWay,
      keys,
      settings: config,
      bySaga: placingBySaga(pool, keys, sagas),
    }),
    isInDoubt: async (id) =>
      underWay.has(id) || ((await participant?.branches.isPrepared(id)) ?? false),
    read: (id) => readOrder(read, id),
    list: (filter) => listOrders(read, filter),
    waiters,
  });
  measure({
    outbox: () => backlogOf(read),
    sagas: () => sagas.open(read),
    prepared: participant?.branches.inDoubt,
    lag: consumer.lag,
    claims: keys.counts,
  });
  const ready = async () => ({ database: await answers(read), broker: consumer.joined() });
  const routes = [...routesOfOrders, ...(participant?.routes ?? [])];
  const http = await service.serve(routes, ready);
  await Promise.all([consumer.whenJoined(), answers(read)]);
  record({ event: 'service-ready', port: http.port });
  return async () => {
    waiters.close();
    await http.close();
    await participant?.close();
    await Promise.all([deadlines.stop(), reaping.stop()]);
    await consumer.close();
    await service.close();
  };
});

/** This service's part in global transactions: the order itself. */
function ownBranches({ pool, read, log }: Service, config: OrderConfig, keys: Keys) {
  return openParticipant({
    service: NAME,
    config,
    pool,
    read,
    log,
    works: [branchWork({ ...create, act: createCreateOrder(keys) })],
    ended(orderId, did) {
      if (did === 'abort') return;
      record({ event: 'order-ended', orderId, status: 'CONFIRMED', reason: null });
    },
  });
}

/** The sagas that this service orchestrates. */
function ownSagas(
  { broker, waker }: Service,
  { SAGA_ANSWER_WITHIN_MS: answerWithinMs, SAGA_ASK_MAX: askMax }: OrderConfig,
  endOrder: ReturnType<typeof createEndOrder>,
) {
  const enqueue = chosenEnqueue(broker.publish);
  return createOrchestrator<PlaceOrderData>({
    saga: placeOrderSaga({ answerWithinMs, askMax }),
    advance: chosenAdvance(),
    command: placeOrderCommand,
    local: (tx, step, { orderId }, reason) => endOrder(tx, step, orderId, reason),
    enqueue(tx, messages) {
      tx.onCommit(waker.wake);
      return enqueue(tx, messages);
    },
  });
}

function consumeReplies(
  { broker, pool }: Service,
  { KAFKA_SESSION_TIMEOUT_MS: sessionMs }: OrderConfig,
  sagas: ReturnType<typeof ownSagas>,
) {
  return broker.consume<Tx>({
    topic: TOPICS.sagaReplies,
    group: NAME,
    sessionMs,
    within: (work, attemptsMax) => withTransaction(pool, work, attemptsMax),
    handle: (tx, message) => handleAnswer(tx, sagas, message),
  });
}

function placingBySaga(pool: Pool, keys: Keys, sagas: ReturnType<typeof ownSagas>) {
  return (command: PlaceOrder, request: KeyedRequest) =>
    answerKeyed(pool, keys, request, async (tx) =>
      acceptanceOf(await placeOrder(tx, sagas, command, new Date())),
    );
}
