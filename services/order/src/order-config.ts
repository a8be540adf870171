import { coordination } from '@indoubt/contracts';
import { durationMs, serviceConfig } from '@indoubt/http';
import { transactionParticipantSettings } from '@indoubt/two-phase-commit';
import { z } from 'zod';

/** What the order service reads from its environment. */
export const orderConfig = serviceConfig.extend({
  ...transactionParticipantSettings,
  /** How an order is placed when its request does not say. */
  COORDINATION: coordination.default('saga'),
  TRANSACTION_PRESUME: z.enum(['abort', 'nothing']).default('abort'),
  TRANSACTION_BRANCHES: z.enum(['parallel', 'sequential']).default('parallel'),
  TRANSACTION_LAST_RESOURCE: z.stringbool().default(false),
  TRANSACTION_WITHIN_MS: durationMs.default(10_000),
  /** How long a step may take until its command is sent again; doubles each time. */
  SAGA_ANSWER_WITHIN_MS: durationMs.default(5_000),
  /** How often a step before the pivot is commanded before its time is up. */
  SAGA_ATTEMPTS_MAX: z.coerce.number().int().min(1).max(100).default(4),
  /** How long an attempt by 2pc counts as alive; then a repeated request takes its key over. */
  IDEMPOTENCY_LEASE_MS: durationMs.default(15_000),
  /** How long a key is retained: a request that comes later is a new request. */
  IDEMPOTENCY_RETAIN_MS: durationMs.default(86_400_000),
  DEADLINE_POLL_EVERY_MS: durationMs.default(100),
});
export type OrderConfig = z.output<typeof orderConfig>;
