import { durationMs, httpUrls, serviceConfig } from '@indoubt/http';
import { transactionParticipantSettings } from '@indoubt/two-phase-commit';
import { z } from 'zod';

/** What payment reads from its environment. */
export const paymentConfig = serviceConfig.extend({
  ...transactionParticipantSettings,
  /** Without it nobody can pay by card: who would is refused `payment-unavailable`. */
  CARD_PROCESSOR_URL: httpUrls
    .refine((urls) => urls.length === 1, { error: 'one http://host:port' })
    .transform(([url = '']) => url)
    .optional(),
  /** While it is away: orders of a saga wait for it, or are refused. 2PC never waits. */
  CARD_OUTAGE: z.enum(['wait', 'refuse']).default('wait'),
  /** How long one request to it may take. */
  CARD_ANSWER_WITHIN_MS: durationMs.default(1_000),
  CARD_RECONCILE_EVERY_MS: durationMs.default(1_000),
  /** How long the answer to a keyed request is kept. */
  IDEMPOTENCY_RETAIN_MS: durationMs.default(86_400_000),
});
export type PaymentConfig = z.output<typeof paymentConfig>;
