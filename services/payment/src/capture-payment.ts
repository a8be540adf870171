import { failpoint, mustDecline } from '@indoubt/chaos';
import type { CapturePayment, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { type Account, canCapture, declined } from './account.ts';
import { unavailable } from './charge.ts';
import { insertPayment, lockAccount } from './payment-store.ts';

/**
 * Captures the amount from the customer's balance, or declines, in the caller's transaction. Either
 * result is stored as a payment.
 */
export async function capturePayment(tx: Tx, command: CapturePayment): Promise<StepAnswer> {
  return captureFrom(tx, command, await lockAccount(tx, command.customerId));
}

/** Captures from an account that the caller has locked. */
export async function captureFrom(
  tx: Tx,
  command: CapturePayment,
  account: Account | undefined,
): Promise<StepAnswer> {
  const answer = decide(command, account);
  // A free order has no payment.
  if (command.amountCents > 0) insertPayment(tx, command, answer);
  if (answer.outcome === 'done') await failpoint('captured-not-answered', command.orderId);
  return answer;
}

function decide({ orderId, amountCents }: CapturePayment, account: Account | undefined) {
  if (mustDecline(orderId)) return DECLINED_AT_WILL;
  const byCard = account !== undefined && account.card !== null;
  if (byCard && amountCents > 0) return unavailable('none is configured');
  return canCapture(amountCents, account);
}

export const DECLINED_AT_WILL = declined('declined on purpose: a fault is armed');
