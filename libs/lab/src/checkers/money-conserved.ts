import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';
import { formatCents } from '../text/format-cents.ts';

/**
 * INV-1: the opening balance of an account equals its balance plus the payments captured from it. A
 * payment by card does not change an account.
 */
export function moneyConserved({ accounts, payments }: Snapshot): Violation[] {
  const captured = new Map(accounts.map(({ customerId }) => [customerId, 0]));
  const strangers: Violation[] = [];
  for (const { id, orderId, customerId, amountCents, status, method } of payments) {
    const before = captured.get(customerId);
    if (before === undefined) {
      const says = `payment ${id} is of ${customerId}, who has no account`;
      strangers.push(violation('payment-without-account', { orderId, customerId }, says));
    } else if (status === 'CAPTURED' && method !== 'card') {
      captured.set(customerId, before + amountCents);
    }
  }
  const unbalanced = accounts.flatMap(({ customerId, openingCents, balanceCents }) => {
    const capturedCents = captured.get(customerId) ?? 0;
    if (openingCents === balanceCents + capturedCents) return [];
    const [opening, balance, paid] = [openingCents, balanceCents, capturedCents].map(formatCents);
    const sum = `${opening} opening, but ${balance} left + ${paid} captured`;
    const says = `account ${customerId}: ${sum}`;
    return [violation('account-out-of-balance', { customerId }, says)];
  });
  return [...unbalanced, ...strangers];
}
