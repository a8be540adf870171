import type { AccountView } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { etagOf, namesTag } from './etag.ts';
import { readVersioned, type Versioned, writeCreditLimit } from './payment-store.ts';

/** A change of an account that its client has read. */
export interface AccountChange {
  customerId: string;
  creditLimitCents: number;
  /** The If-Match header: the versions that the client has read. */
  ifMatch: string;
}

/**
 * Sets a credit limit in the caller's transaction, if the account is unchanged since it was read.
 * @throws Failure, definite and before anything is written: 'not-found', 'precondition-failed',
 *   'credit-limit-in-use'
 */
export async function changeAccount(tx: Tx, change: AccountChange): Promise<Versioned> {
  const account = await readVersioned(tx, change.customerId, 'to change it');
  if (account === undefined) throw noAccount(change.customerId);
  checkChange(account, change);
  const view: AccountView = { ...account.view, creditLimitCents: change.creditLimitCents };
  writeCreditLimit(tx, view);
  return { view, version: account.version + 1 };
}

/** Pure. @throws Failure 'precondition-failed', 'credit-limit-in-use' (definite) */
export function checkChange(
  { view, version }: Versioned,
  { creditLimitCents, ifMatch }: Pick<AccountChange, 'creditLimitCents' | 'ifMatch'>,
): void {
  if (!namesTag(ifMatch, etagOf(version), false)) {
    const detail = 'The account has changed since you read it: read the account again.';
    throw new Failure('precondition-failed', detail);
  }
  if (view.balanceCents < -creditLimitCents) {
    const used = `${-view.balanceCents} cents of credit are in use`;
    throw new Failure('credit-limit-in-use', `${used}: the limit cannot be lower.`);
  }
}

export function noAccount(customerId: string): Failure {
  return new Failure('not-found', `"${customerId}" has no account`);
}
