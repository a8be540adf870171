import { hostPorts, postgresUrl } from '@indoubt/http';
import { z } from 'zod';

/** The task of this process: to set up one database, or the topics. */
export const setUpConfig = z.discriminatedUnion('SET_UP', [
  z.object({
    SET_UP: z.enum(['order', 'payment', 'inventory', 'coordinator']),
    /** The database to create. */
    DATABASE_URL: postgresUrl.regex(/\/[a-z0-9_]+$/, {
      error: 'one that names a database: a-z, 0-9, "_"',
    }),
  }),
  z.object({
    SET_UP: z.literal('topics'),
    KAFKA_BROKERS: hostPorts,
    TOPIC_PREFIX: z.string().min(1),
  }),
]);
