import { z } from 'zod';

/**
 * RFC 9457 problem details; `code` is our failure code, `certainty` says whether it may have
 * happened.
 */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    certainty: z.enum(['definite', 'indefinite']),
    /** For a body that does not fit its schema: where, and why. */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
