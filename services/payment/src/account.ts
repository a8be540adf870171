import type { StepAnswer } from '@indoubt/contracts';

/** A customer's account. Integer cents; the balance may go down to minus the credit limit. */
export interface Account {
  balanceCents: number;
  creditLimitCents: number;
  /** The card with which the customer pays; null if the customer pays from the balance. */
  card: string | null;
}

/** Whether an amount can be captured from an account. Pure. */
export function canCapture(
  amountCents: number,
  account: Omit<Account, 'card'> | undefined,
): StepAnswer {
  if (account === undefined) return declined('the customer has no account');
  const limit = account.balanceCents + account.creditLimitCents;
  if (amountCents <= limit) return { outcome: 'done' };
  return declined(`${amountCents} cents requested, ${limit} within balance and credit limit`);
}

/** A definite refusal by the domain: no money is taken. */
export function declined(detail: string): StepAnswer {
  return { outcome: 'refused', reason: 'payment-declined', detail };
}
