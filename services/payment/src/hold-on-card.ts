import { failpoint, mustDecline } from '@indoubt/chaos';
import type { CapturePayment, CardCharge, StepAnswer } from '@indoubt/contracts';
import type { Queries, Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { record } from '@indoubt/record';
import { declined } from './account.ts';
import { capturePayment, DECLINED_AT_WILL } from './capture-payment.ts';
import type { CardProcessor } from './card-processor.ts';
import { unavailable } from './charge.ts';
import { insertCardPayment, insertHeld, readCard } from './charge-store.ts';

type Act = (tx: Tx) => Promise<StepAnswer>;

/** The key of the hold for a transaction, the same for every copy of its prepare. */
export function holdKey(transactionId: string): string {
  return `${transactionId}:hold`;
}

export interface HoldOnCard {
  /** Makes the hold before the branch begins; for `branchWork`. */
  prior(command: CapturePayment, id: string, withinMs: number): Promise<Act>;
  /** Returns and forgets the hold that this process made for a transaction, if any. */
  forget(id: string): CardCharge | undefined;
}

/** Some transactions never end in this process. Reconciliation finds their holds. */
const REMEMBERED_MAX = 1_000;

/**
 * Makes the hold of a branch that pays by card, before the branch opens a transaction or takes a
 * lock. The hold is captured after the commit of the branch. If the processor is unavailable, the
 * vote is "no", so that the locks of other branches need not wait. A hold whose branch was aborted,
 * or never prepared, is voided, at the latest by reconciliation.
 */
export function createHoldOnCard(
  read: Queries,
  processor: Pick<CardProcessor, 'charge'>,
): HoldOnCard {
  const made = new Map<string, CardCharge>();
  const remember = (id: string, hold: CardCharge) => {
    const [oldest] = made.keys();
    if (made.size >= REMEMBERED_MAX && oldest !== undefined) made.delete(oldest);
    made.set(id, hold);
  };
  return {
    async prior(command, id, withinMs) {
      const { customerId, amountCents, orderId } = command;
      const card = amountCents === 0 ? null : await readCard(read, customerId);
      if (card === null) return (tx) => capturePayment(tx, command);
      if (mustDecline(orderId)) return refuse(DECLINED_AT_WILL);
      const key = holdKey(id);
      const request = { card, amountCents, reference: orderId, capture: false };
      const hold = await processor.charge(key, request, withinMs).catch(failureOf);
      if (hold instanceof Failure) return refuse(unavailable(hold.code));
      if (hold.status === 'DECLINED') return refuse(declined('the card was declined'));
      if (hold.status === 'VOIDED') return refuse(GIVEN_UP);
      remember(id, hold);
      record({ event: 'hold-made', orderId, key, amountCents });
      await failpoint('held-not-worked', orderId);
      return storeHold(command, card, hold);
    },
    forget(id) {
      const hold = made.get(id);
      made.delete(id);
      return hold;
    },
  };
}

function storeHold(command: CapturePayment, card: string, { key, id }: CardCharge): Act {
  return async (tx) => {
    insertHeld(tx, command, { key, card, id });
    insertCardPayment(tx, command, null);
    return { outcome: 'done' };
  };
}

/** The answer to a prepare whose hold reconciliation has already voided. */
const GIVEN_UP: StepAnswer = {
  outcome: 'refused',
  reason: 'transaction-aborted',
  detail: 'the hold for this transaction was voided: the transaction is over',
};

function refuse(answer: StepAnswer): Act {
  return async () => answer;
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
