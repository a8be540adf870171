import { z } from 'zod';

/**
 * Problem details (RFC 9457). `code` is the failure code; `certainty` says whether the request may
 * have been carried out.
 */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    certainty: z.enum(['definite', 'indefinite']),
    /** Each place of the request that does not fit its schema, and why. */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
