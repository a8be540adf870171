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

/** Payment by card, for sagas and for two-phase commit, with its background work. */
export interface Cards {
  /** The saga step. */
  act(tx: Tx, command: CapturePayment, replyTo: ReplyTo): Promise<StepAnswer | undefined>;
  /** The hold that is made before a branch begins. */
  prior: ReturnType<typeof createHoldOnCard>['prior'];
  /** Called when a branch of this service has ended. */
  ended(id: string, did: 'commit' | 'abort'): void;
  /** Starts the reconciliation of holds. @param branches null for sagas only */
  start(branches: BranchesOfCards | null): void;
  reconcile(): Promise<Reconciliation>;
  close(): Promise<void>;
}

/** For sagas only: there are no branches and no holds. */
const NO_BRANCHES: BranchesOfCards = {
  inDoubt: async () => ({ own: [] }),
  abandon: async () => false,
};

/**
 * Opens payment by card and starts the charge worker.
 * @returns undefined without a card processor: then cards are refused
 * @throws Failure 'invalid-config' (definite) without the secret for the card processor
 */
export function openCards(parts: CardsParts): Cards | undefined {
  const { config, pool, read, log, enqueue, answered } = parts;
  const { CARD_PROCESSOR_URL: url, CARD_ANSWER_WITHIN_MS: answerWithinMs } = config;
  if (url === undefined) return undefined;
  const { CARD_OUTAGE: outage, SERVICE_SECRET: secret } = config;
  if (secret === undefined) {
    const what = 'CARD_PROCESSOR_URL is set, but SERVICE_SECRET is not';
    const next = 'Set SERVICE_SECRET too.';
    throw new Failure('invalid-config', `${what}: no card would be charged.\n${next}`);
  }
  const processor = createCardProcessor(url, secret, answerWithinMs);
  const own = { pool, enqueue, answered, log };
  const worker = runChargeWorker({ ...own, processor, outage, answerWithinMs });
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
      // Best effort, to release the money at once. Reconciliation repeats a void that fails.
      giveUpHold({ branches, processor }, hold).catch((error: unknown) => {
        log.info({ err: error }, 'a hold could not be voided; reconciliation will try again');
      });
    },
    start(participant) {
      if (participant === null) return;
      branches = participant;
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
