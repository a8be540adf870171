import { processConfig, readConfig, runService, serviceSecret } from '@indoubt/http';
import { record } from '@indoubt/record';
import { openEdge } from '@indoubt/service-host';
import { z } from 'zod';
import { openBooks } from './books.ts';
import { chargeRoutes } from './http.ts';
import { openJournal } from './journal.ts';

const NAME = 'card-processor';

const settings = processConfig.omit({ DATABASE_URL: true }).extend({
  /** Shared with the shop: no other client may charge cards. */
  SERVICE_SECRET: serviceSecret,
  /** Path of the journal, which is created if it is missing. */
  JOURNAL: z.string({ error: 'the path of a file' }),
});

// The system of another company: it has its own books, but no database and no Kafka of the shop.
runService(async () => {
  const config = readConfig(settings, process.env);
  const { serve } = await openEdge(NAME, config);
  const journal = await openJournal(config.JOURNAL);
  const http = await serve(chargeRoutes(openBooks(journal)), async () => ({}));
  record({ event: 'service-ready', port: http.port });
  return async () => {
    await http.close();
    await journal.close();
  };
});
