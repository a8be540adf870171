import { z } from 'zod';
import { cardCharge } from './card-charge.ts';
import { orderId } from './identifiers.ts';
import { cents } from './money.ts';

/** The result of comparing a charge in payment's book with the card processor's book. */
export const findingKind = z.enum([
  'agrees',
  'not-requested-yet',
  'answer-lost',
  'capture-due',
  'hold-in-doubt',
  'hold-of-nobody',
  'charged-there-only',
  'charged-here-only',
  'missing-there',
  'differs',
]);
export type FindingKind = z.infer<typeof findingKind>;

export const finding = z.object({
  kind: findingKind,
  orderId,
  /** Idempotency key of the charge. */
  key: z.string(),
  /** Status in payment's book; null when the charge is not there. */
  here: z.enum(['REQUESTED', 'HELD', 'CAPTURED', 'DECLINED', 'VOIDED']).nullable(),
  amountHereCents: cents.nullable(),
  /** Status in the card processor's book; null when the charge is not there. */
  there: cardCharge.shape.status.nullable(),
  amountThereCents: cents.nullable(),
  explanation: z.string(),
  /** The next action on the charge, and who takes it. */
  next: z.string(),
});
export type Finding = z.infer<typeof finding>;

/** GET /reconciliation: how many charges of each kind, and the first of those that differ. */
export const reconciliation = z.object({
  comparedAt: z.iso.datetime(),
  counts: z.record(findingKind, z.int().min(0)),
  items: z.array(finding),
});
export type Reconciliation = z.infer<typeof reconciliation>;
