import { processConfig, readConfig, runService, serviceSecret } from '@indoubt/http';
import { record } from '@indoubt/record';
import { openEdge } from '@indoubt/service-host';
import { z } from 'zod';
import { openBooks } from './books.ts';
import { chargeRoutes } from './http.ts';
import { openJournal } from './journal.ts';

const NAME = 'card-processor';

const settings = processConfig.omit({ DATABASE_URL: true }).extend({
  /** Known to the shop: nobody else may charge its customers. */
  SERVICE_SECRET: serviceSecret,
  /** The file of its books: made if it is not there. */
  JOURNAL: z.string({ error: 'the path of a file' }),
});

// Somebody else's system, as a shop meets it: no database of ours, no Kafka, books of its own.
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
