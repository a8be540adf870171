import { z } from 'zod';
import { customerId } from './identifiers.ts';

/** An account in GET /accounts/:id. The lowest balance is minus the credit limit. */
export const accountView = z
  .object({
    customerId,
    balanceCents: z.int(),
    creditLimitCents: z.int().min(0),
  })
  .meta({ id: 'Account' });
export type AccountView = z.infer<typeof accountView>;
