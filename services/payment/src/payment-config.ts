import { durationMs, httpUrls, serviceConfig } from '@indoubt/http';
import { transactionParticipantSettings } from '@indoubt/two-phase-commit';
import { z } from 'zod';

/** The settings of payment. */
export const paymentConfig = serviceConfig.extend({
  ...transactionParticipantSettings,
  /** Address of the card processor. Without it, card payments are refused `payment-unavailable`. */
  CARD_PROCESSOR_URL: httpUrls
    .refine((urls) => urls.length === 1, { error: 'one http://host:port' })
    .transform(([url = '']) => url)
    .optional(),
  /** While the processor is unavailable, orders by saga wait or are refused. 2PC never waits. */
  CARD_OUTAGE: z.enum(['wait', 'refuse']).default('wait'),
  /** Time-out of one request to the processor. */
  CARD_ANSWER_WITHIN_MS: durationMs.default(1_000),
  CARD_RECONCILE_EVERY_MS: durationMs.default(1_000),
  /** How long the answer to a keyed request is retained. */
  IDEMPOTENCY_RETAIN_MS: durationMs.default(86_400_000),
});
export type PaymentConfig = z.output<typeof paymentConfig>;
