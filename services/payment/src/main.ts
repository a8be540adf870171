import { capturePayment as capture, TOPICS } from '@indoubt/contracts';
import { answers, type Tx, withTransaction } from '@indoubt/database';
import { readConfig, runService } from '@indoubt/http';
import { chosenKeys, countClaims, reapKeys } from '@indoubt/idempotency';
import { chosenInbox } from '@indoubt/inbox';
import { backlogOf, enqueue } from '@indoubt/outbox';
import { record } from '@indoubt/record';
import { commandHandler, createSagaParticipant } from '@indoubt/saga';
import { measure, openService, type Service, throughLinks } from '@indoubt/service-host';
import { branchWork, openTransactionParticipant } from '@indoubt/two-phase-commit';
import { capturePayment } from './capture-payment.ts';
import { type Cards, openCards } from './cards.ts';
import { paymentRoutes } from './http.ts';
import { type PaymentConfig, paymentConfig } from './payment-config.ts';
import { reconciliationRoute } from './reconciliation-route.ts';

const NAME = 'payment';
const CONNECTIONS_MAX = 10;

runService(async () => {
  const config = await throughLinks(NAME, readConfig(paymentConfig, process.env));
  const service = await openService(NAME, config, CONNECTIONS_MAX);
  const { pool, read, broker, waker, log } = service;
  const cards = openCards({ config, pool, read, log, enqueue, answered: waker.wake });
  const transactionParticipant = await openBranches(service, config, cards);
  cards?.start(transactionParticipant?.branches ?? null);
  const sagaParticipant = createSagaParticipant({ answerOnce: chosenInbox(pool), enqueue }, [
    commandHandler({ ...capture, act: cards?.act ?? capturePayment }),
  ]);
  const consumer = await broker.consume<Tx>({
    topic: TOPICS.paymentCommands,
    group: NAME,
    sessionMs: config.KAFKA_SESSION_TIMEOUT_MS,
    within: (work, attemptsMax) => withTransaction(pool, work, attemptsMax),
    async handle(tx, message) {
      tx.onCommit(waker.wake);
      await sagaParticipant(tx, message);
    },
  });
  const times = { leaseMs: 0, retainMs: config.IDEMPOTENCY_RETAIN_MS };
  const keys = countClaims(chosenKeys(pool, times));
  const reaping = reapKeys(read, keys, log);
  measure({
    outbox: () => backlogOf(read),
    prepared: transactionParticipant?.branches.inDoubt,
    lag: consumer.lag,
    claims: keys.counts,
  });
  const ready = async () => ({ database: await answers(read), broker: consumer.joined() });
  const routes = [
    ...paymentRoutes({ pool, read, keys }),
    ...(cards === undefined ? [] : [reconciliationRoute(cards.reconcile)]),
    ...(transactionParticipant?.routes ?? []),
  ];
  const http = await service.serve(routes, ready);
  await Promise.all([consumer.whenJoined(), answers(read)]);
  record({ event: 'service-ready', port: http.port });
  return async () => {
    await http.close();
    await transactionParticipant?.close();
    await consumer.close();
    await Promise.all([cards?.close(), reaping.stop()]);
    await service.close();
  };
});

/** Opens the branches of this service in global transactions. */
function openBranches(
  { pool, read, log }: Service,
  config: PaymentConfig,
  cards: Cards | undefined,
) {
  const byCard = cards === undefined ? {} : { prior: cards.prior };
  return openTransactionParticipant({
    service: NAME,
    config,
    pool,
    read,
    log,
    works: [branchWork({ ...capture, act: capturePayment, ...byCard })],
    ended: (id, did) => cards?.ended(id, did),
  });
}
