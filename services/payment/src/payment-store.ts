import type { AccountView, CapturePayment, StepAnswer } from '@indoubt/contracts';
import type { Queries, Tx } from '@indoubt/database';
import { v7 } from 'uuid';
import type { Account } from './account.ts';

export async function lockAccount(tx: Tx, customerId: string): Promise<Account | undefined> {
  const [account] = await tx.query<Account>(
    `select balance_cents as "balanceCents", credit_limit_cents as "creditLimitCents"
       from accounts where customer_id = $1 for update`,
    [customerId],
  );
  return account;
}

/** Writes down what was decided, and takes the money when it was captured. */
export function insertPayment(
  tx: Tx,
  { orderId, customerId, amountCents }: CapturePayment,
  answer: StepAnswer,
): void {
  const captured = answer.outcome === 'done';
  tx.write(
    `with taken as (
       update accounts set balance_cents = balance_cents - $4 where customer_id = $3 and $5)
     insert into payments (id, order_id, customer_id, amount_cents, status, reason)
     values ($1, $2, $3, $4, case when $5 then 'CAPTURED' else 'DECLINED' end, $6)`,
    [
      v7(),
      orderId,
      customerId,
      amountCents,
      captured,
      answer.outcome === 'refused' ? answer.reason : null,
    ],
  );
}

export async function readAccount(
  tx: Queries,
  customerId: string,
): Promise<AccountView | undefined> {
  const [account] = await tx.query<AccountView>(
    `select customer_id as "customerId", balance_cents as "balanceCents",
            credit_limit_cents as "creditLimitCents"
       from accounts where customer_id = $1`,
    [customerId],
  );
  return account;
}
