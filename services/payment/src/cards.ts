import type { CapturePayment, Message, Reconciliation, StepAnswer } from '@indoubt/contracts';
import type { Pool, Queries, Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import type { Log } from '@indoubt/http';
import type { ReplyTo } from '@indoubt/saga';
import { captureWithCards } from './capture-by-card.ts';
import { createCardProcessor } from './card-processor.ts';
import { runChargeWorker } from './charge-worker.ts';
import { createHoldOnCard } from './hold-on-card.ts';
import type { PaymentConfig } from './payment-config.ts';
import {
  type BranchesOfCards,
  giveUpHold,
  reconciliationNow,
  runReconciliation,
} from './reconciliation.ts';

export interface CardsParts {
  config: PaymentConfig;
  pool: Pool;
  read: Queries;
  log: Log;
  enqueue(tx: Tx, messages: Message[]): void;
  /** Called after a commit that put an answer into the outbox. */
  answered(): void;
}

/** Payment by card: what it adds to each coordination, and what runs beside them. */
export interface Cards {
  /** The step of a saga. */
  act(tx: Tx, command: CapturePayment, replyTo: ReplyTo): Promise<StepAnswer | undefined>;
  /** What comes before a branch. */
  prior: ReturnType<typeof createHoldOnCard>['prior'];
  /** A branch of this service has ended. */
  ended(id: string, did: 'commit' | 'abort'): void;
  /** Starts the reconciliation of holds. @param branches null for sagas only */
  start(branches: BranchesOfCards | null): void;
  reconcile(): Promise<Reconciliation>;
  close(): Promise<void>;
}

/** For sagas only: no branch is ever prepared here, and no hold made. */
const NO_BRANCHES: BranchesOfCards = {
  inDoubt: async () => ({ own: [] }),
  abandon: async () => false,
};

/**
 * @returns undefined when there is no card processor: cards are refused then
 * @throws Failure 'invalid-config' (definite) without the secret that it knows payment by
 */
export function openCards(parts: CardsParts): Cards | undefined {
  const { config, pool, read, log, enqueue, answered } = parts;
  const { CARD_PROCESSOR_URL: url, CARD_ANSWER_WITHIN_MS: answerWithinMs } = config;
  if (url === undefined) return undefined;
  const { CARD_OUTAGE: outage, SERVICE_SECRET: secret } = config;
  if (secret === undefined) {
    const what = 'CARD_PROCESSOR_URL is set, and SERVICE_SECRET is not';
    throw new Failure('invalid-config', `${what}: no card would be charged.\nSet it as well.`);
  }
  const processor = createCardProcessor(url, secret, answerWithinMs);
  const worker = runChargeWorker({
    pool,
    processor,
    outage,
    answerWithinMs,
    enqueue,
    answered,
    log,
  });
  const holds = createHoldOnCard(read, processor);
  let branches = NO_BRANCHES;
  let reconciling: ReturnType<typeof runReconciliation> | undefined;
  return {
    act: captureWithCards(worker.wake),
    prior: holds.prior,
    ended(id, did) {
      const hold = holds.forget(id);
      if (did === 'commit') return worker.wake();
      if (hold === undefined) return;
      // Best effort, so that the money is free at once: what fails is found by reconciliation.
      giveUpHold({ branches, processor }, hold).catch((error: unknown) => {
        log.info({ err: error }, 'a hold could not be voided; reconciliation will');
      });
    },
    start(own) {
      if (own === null) return;
      branches = own;
      reconciling = runReconciliation(
        { read, processor, branches },
        config.CARD_RECONCILE_EVERY_MS,
        log,
      );
    },
    reconcile: () => reconciliationNow({ read, processor, branches }),
    async close() {
      await Promise.all([reconciling?.stop(), worker.stop()]);
      await processor.close();
    },
  };
}
