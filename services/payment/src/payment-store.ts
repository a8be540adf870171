import type { AccountView, CapturePayment, StepAnswer } from '@indoubt/contracts';
import type { Queries, Tx } from '@indoubt/database';
import { v7 } from 'uuid';
import type { Account } from './account.ts';

export async function lockAccount(tx: Tx, customerId: string): Promise<Account | undefined> {
  const [account] = await tx.query<Account>(
    `select balance_cents as "balanceCents", credit_limit_cents as "creditLimitCents",
            card
       from accounts where customer_id = $1 for update`,
    [customerId],
  );
  return account;
}

/** Inserts a payment, and subtracts the amount from the balance if it was captured. */
export function insertPayment(
  tx: Tx,
  { orderId, customerId, amountCents }: CapturePayment,
  answer: StepAnswer,
): void {
  const captured = answer.outcome === 'done';
  tx.write(
    `with taken as (
       update accounts set balance_cents = balance_cents - $4, version = version + 1
        where customer_id = $3 and $5)
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

/** An account with its version. */
export interface Versioned {
  view: AccountView;
  version: number;
}

const READ = `select customer_id as "customerId", balance_cents as "balanceCents",
                     credit_limit_cents as "creditLimitCents", version
                from accounts where customer_id = $1`;

/** Reads an account. @param why "to change it" locks the row until the transaction ends */
export async function readVersioned(
  tx: Queries,
  customerId: string,
  why: 'to show it' | 'to change it',
): Promise<Versioned | undefined> {
  const text = why === 'to change it' ? `${READ} for update` : READ;
  const [account] = await tx.query<AccountView & { version: number }>(text, [customerId]);
  if (account === undefined) return undefined;
  const { version, ...view } = account;
  return { view, version };
}

export function writeCreditLimit(
  tx: Tx,
  { customerId, creditLimitCents }: Pick<AccountView, 'customerId' | 'creditLimitCents'>,
): void {
  tx.write(
    `update accounts set credit_limit_cents = $2, version = version + 1 where customer_id = $1`,
    [customerId, creditLimitCents],
  );
}
