import { failpoint, mustDecline } from '@indoubt/chaos';
import type { CapturePayment, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { type Account, canCapture, declined } from './account.ts';
import { unavailable } from './charge.ts';
import { insertPayment, lockAccount } from './payment-store.ts';

/**
 * Authorises and captures at once from the customer's balance, or declines. Either is written down.
 * In the caller's transaction.
 */
export async function capturePayment(tx: Tx, command: CapturePayment): Promise<StepAnswer> {
  return captureFrom(tx, command, await lockAccount(tx, command.customerId));
}

/** The same, of an account that is locked already. */
export async function captureFrom(
  tx: Tx,
  command: CapturePayment,
  account: Account | undefined,
): Promise<StepAnswer> {
  const answer = decide(command, account);
  // What costs nothing is not charged, and leaves no payment.
  if (command.amountCents > 0) insertPayment(tx, command, answer);
  if (answer.outcome === 'done') await failpoint('captured-not-answered', command.orderId);
  return answer;
}

function decide({ orderId, amountCents }: CapturePayment, account: Account | undefined) {
  if (mustDecline(orderId)) return DECLINED_AT_WILL;
  const byCard = account !== undefined && account.card !== null;
  if (byCard && amountCents > 0) return unavailable('there is none');
  return canCapture(amountCents, account);
}

export const DECLINED_AT_WILL = declined('declined at will: a fault is armed');
