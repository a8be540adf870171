import { z } from 'zod';

/** How an order is placed in all services: by a saga, or by two-phase commit. */
export const coordination = z.enum(['saga', '2pc']);
export type Coordination = z.infer<typeof coordination>;
