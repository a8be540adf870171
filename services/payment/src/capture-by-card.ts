import { mustDecline } from '@indoubt/chaos';
import type { CapturePayment, StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { record } from '@indoubt/record';
import type { Asked } from '@indoubt/saga';
import { captureFrom, DECLINED_AT_WILL } from './capture-payment.ts';
import { insertCardPayment, insertRequested } from './charge-store.ts';
import { lockAccount } from './payment-store.ts';

/**
 * The step of a saga in a shop that takes cards: from the balance at once, as ever; by card it is
 * only written down, for no transaction waits for the card processor. Its answer comes later.
 * @param requested told after the commit that a charge is to be asked for
 */
export function captureWithCards(requested: () => void) {
  return async (tx: Tx, command: CapturePayment, asked: Asked): Promise<StepAnswer | undefined> => {
    const account = await lockAccount(tx, command.customerId);
    const { orderId, amountCents } = command;
    if (account === undefined || account.card === null || amountCents === 0) {
      return captureFrom(tx, command, account);
    }
    if (mustDecline(orderId)) {
      insertCardPayment(tx, command, 'payment-declined');
      return DECLINED_AT_WILL;
    }
    insertRequested(tx, command, account.card, asked);
    const key = `${asked.sagaId}:${asked.step}`;
    tx.onCommit(() => {
      record({ event: 'charge-requested', orderId, key, amountCents });
      requested();
    });
    return undefined;
  };
}
