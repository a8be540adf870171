import type { CapturePayment, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { failpoint, mustDecline } from '@indoubt/failpoint';
import { canCapture, declined } from './account.ts';
import { insertPayment, lockAccount } from './payment-store.ts';

/**
 * Authorises and captures at once, or declines. Either is written down. In the caller's
 * transaction.
 */
export async function capturePayment(tx: Tx, command: CapturePayment): Promise<StepAnswer> {
  const account = await lockAccount(tx, command.customerId);
  const answer = mustDecline(command.orderId)
    ? declined('declined at will: a fault is armed')
    : canCapture(command.amountCents, account);
  // What costs nothing is not charged, and leaves no payment.
  if (command.amountCents > 0) insertPayment(tx, command, answer);
  if (answer.outcome === 'done') await failpoint('captured-not-answered', command.orderId);
  return answer;
}
