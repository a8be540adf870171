import { hostPorts, postgresUrl } from '@indoubt/http';
import { z } from 'zod';

/** The one piece of work of this process: a database, or the topics. */
export const setUpConfig = z.discriminatedUnion('SET_UP', [
  z.object({
    SET_UP: z.enum(['order', 'payment', 'inventory', 'coordinator']),
    /** The database that is to be there in the end. */
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
