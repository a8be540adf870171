import { z } from 'zod';
import { cardCharge } from './card-charge.ts';
import { orderId } from './identifiers.ts';
import { cents } from './money.ts';

/** What one charge is found to be when payment's book and the card processor's are compared. */
export const findingKind = z.enum([
  'agrees',
  'not-asked-yet',
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
  /** Status in payment's book; null when it is not there. */
  here: z.enum(['REQUESTED', 'HELD', 'CAPTURED', 'DECLINED', 'VOIDED']).nullable(),
  amountHereCents: cents.nullable(),
  /** Status in the card processor's; null when it is not there. */
  there: cardCharge.shape.status.nullable(),
  amountThereCents: cents.nullable(),
  explanation: z.string(),
  /** What becomes of it, and who does that. */
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
