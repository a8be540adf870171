import { mustDecline } from '@indoubt/chaos';
import type { CapturePayment, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { record } from '@indoubt/record';
import type { ReplyTo } from '@indoubt/saga';
import { captureFrom, DECLINED_AT_WILL } from './capture-payment.ts';
import { insertCardPayment, insertRequested } from './charge-store.ts';
import { lockAccount } from './payment-store.ts';

/**
 * The saga step of a shop that accepts cards. A payment from the balance is captured at once. A
 * payment by card is only stored as requested, since no transaction may wait for the processor. Its
 * answer comes later.
 * @param requested called after the commit of a requested charge
 */
export function captureWithCards(requested: () => void) {
  return async (
    tx: Tx,
    command: CapturePayment,
    replyTo: ReplyTo,
  ): Promise<StepAnswer | undefined> => {
    const account = await lockAccount(tx, command.customerId);
    const { orderId, amountCents } = command;
    if (account === undefined || account.card === null || amountCents === 0) {
      return captureFrom(tx, command, account);
    }
    if (mustDecline(orderId)) {
      insertCardPayment(tx, command, 'payment-declined');
      return DECLINED_AT_WILL;
    }
    insertRequested(tx, command, account.card, replyTo);
    const key = `${replyTo.sagaId}:${replyTo.step}`;
    tx.onCommit(() => {
      record({ event: 'charge-requested', orderId, key, amountCents });
      requested();
    });
    return undefined;
  };
}
