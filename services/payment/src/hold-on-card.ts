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

/** The key of the hold for a transaction: the same however often its prepare comes. */
export function holdKey(transactionId: string): string {
  return `${transactionId}:hold`;
}

export interface HoldOnCard {
  /** What comes before a branch, for `branchWork`. */
  prior(command: CapturePayment, id: string, withinMs: number): Promise<Act>;
  /** The hold that this process has made for a transaction, if it has; asked for once. */
  forget(id: string): CardCharge | undefined;
}

/** Of transactions whose end this process never hears; reconciliation finds those holds. */
const REMEMBERED_MAX = 1_000;

/**
 * What comes before a branch that pays by card: the amount is held while no transaction is open and
 * no lock taken. Captured it is only once the branch is committed. A processor that is away is a
 * no: the locks of others must not wait for it. A hold whose branch never is, or is aborted, is
 * nobody's; it is voided then, at the latest by reconciliation.
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

/** A prepare that comes after its transaction was given up. */
const GIVEN_UP: StepAnswer = {
  outcome: 'refused',
  reason: 'transaction-aborted',
  detail: 'the hold for this transaction was voided: it is over',
};

function refuse(answer: StepAnswer): Act {
  return async () => answer;
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
