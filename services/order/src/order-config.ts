import { coordination } from '@indoubt/contracts';
import { durationMs, serviceConfig } from '@indoubt/http';
import { transactionParticipantSettings } from '@indoubt/two-phase-commit';
import { z } from 'zod';

/** The settings of the order service. */
export const orderConfig = serviceConfig.extend({
  ...transactionParticipantSettings,
  /** How an order is placed if its request has no preference. */
  COORDINATION: coordination.default('saga'),
  TRANSACTION_PRESUME: z.enum(['abort', 'nothing']).default('abort'),
  TRANSACTION_BRANCHES: z.enum(['parallel', 'sequential']).default('parallel'),
  TRANSACTION_LAST_RESOURCE: z.stringbool().default(false),
  TRANSACTION_WITHIN_MS: durationMs.default(10_000),
  /** Time until an unanswered command is sent again; doubles with each attempt. */
  SAGA_ANSWER_WITHIN_MS: durationMs.default(5_000),
  /** How often a step before the pivot is commanded before it is undone. */
  SAGA_ATTEMPTS_MAX: z.coerce.number().int().min(1).max(100).default(4),
  /** How long an attempt by 2pc counts as alive. After that a retry takes over its key. */
  IDEMPOTENCY_LEASE_MS: durationMs.default(15_000),
  /** How long an answered key is retained. A later request with the key is a new request. */
  IDEMPOTENCY_RETAIN_MS: durationMs.default(86_400_000),
  DEADLINE_POLL_EVERY_MS: durationMs.default(100),
});
export type OrderConfig = z.output<typeof orderConfig>;
