import { TOPICS } from '@indoubt/contracts';
import { answers, type Tx, withTransaction } from '@indoubt/database';
import { readConfig, runService } from '@indoubt/http';
import { chosenKeys, countClaims, reapKeys } from '@indoubt/idempotency';
import { backlogOf, chosenEnqueue } from '@indoubt/outbox';
import { record } from '@indoubt/record';
import { chosenAdvance, createOrchestrator } from '@indoubt/saga';
import { measure, openService, type Service, throughLinks } from '@indoubt/service-host';
import { openTransactionParticipant } from '@indoubt/two-phase-commit';
import { createEndOrder } from './end-order.ts';
import { runDeadlines } from './fire-deadlines.ts';
import { handleAnswer } from './handle-answer.ts';
import { orderRoutes } from './http.ts';
import { orderBranch } from './order-branch.ts';
import type { OrderData } from './order-commands.ts';
import { type OrderConfig, orderConfig } from './order-config.ts';
import { listOrders, readOrder } from './order-store.ts';
import { createOrderWaiters } from './order-waiters.ts';
import { createPlaceOrder } from './place-order.ts';
import { placeOrderCommand, placeOrderSaga } from './place-order-saga.ts';

const NAME = 'order';
const CONNECTIONS_MAX = 20;

runService(async () => {
  const config = await throughLinks(NAME, readConfig(orderConfig, process.env));
  const service = await openService(NAME, config, CONNECTIONS_MAX);
  const { pool, read, log } = service;
  const { IDEMPOTENCY_LEASE_MS: leaseMs, IDEMPOTENCY_RETAIN_MS: retainMs } = config;
  const keys = countClaims(chosenKeys(pool, { leaseMs, retainMs }));
  const own = { service: NAME, config, pool, read, log };
  const transactionParticipant = await openTransactionParticipant({ ...own, ...orderBranch(keys) });
  const waiters = createOrderWaiters();
  const sagas = openSagas(service, config, createEndOrder(waiters.ended));
  const consumer = await consumeReplies(service, config, sagas);
  const deadlines = runDeadlines(pool, sagas, log, config.DEADLINE_POLL_EVERY_MS);
  const reaping = reapKeys(read, keys, log);
  const routesOfOrders = orderRoutes({
    ...createPlaceOrder({ pool, keys, sagas, transactionParticipant, settings: config }),
    read: (id) => readOrder(read, id),
    list: (filter) => listOrders(read, filter),
    waiters,
  });
  measure({
    outbox: () => backlogOf(read),
    sagas: () => sagas.open(read),
    prepared: transactionParticipant?.branches.inDoubt,
    lag: consumer.lag,
    claims: keys.counts,
  });
  const ready = async () => ({ database: await answers(read), broker: consumer.joined() });
  const routes = [...routesOfOrders, ...(transactionParticipant?.routes ?? [])];
  const http = await service.serve(routes, ready);
  await Promise.all([consumer.whenJoined(), answers(read)]);
  record({ event: 'service-ready', port: http.port });
  return async () => {
    waiters.close();
    await http.close();
    await transactionParticipant?.close();
    await Promise.all([deadlines.stop(), reaping.stop()]);
    await consumer.close();
    await service.close();
  };
});

/** The sagas that this service orchestrates. */
function openSagas(
  { broker, waker }: Service,
  { SAGA_ANSWER_WITHIN_MS: answerWithinMs, SAGA_ATTEMPTS_MAX: attemptsMax }: OrderConfig,
  endOrder: ReturnType<typeof createEndOrder>,
) {
  const enqueue = chosenEnqueue(broker.publish);
  return createOrchestrator<OrderData>({
    saga: placeOrderSaga({ answerWithinMs, attemptsMax }),
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
  sagas: ReturnType<typeof openSagas>,
) {
  return broker.consume<Tx>({
    topic: TOPICS.sagaReplies,
    group: NAME,
    sessionMs,
    within: (work, attemptsMax) => withTransaction(pool, work, attemptsMax),
    handle: (tx, message) => handleAnswer(tx, sagas, message),
  });
}
