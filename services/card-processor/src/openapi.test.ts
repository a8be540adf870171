import { openApiOf } from '@indoubt/http';
import { chaosRoutes } from '@indoubt/service-host';
import { expect, test } from 'vitest';
import type { Books } from './books.ts';
import { chargeRoutes } from './http.ts';

// These objects are never called: the routes are only declared.
const books = {} as Books;
const control = { process: 'card-processor', hasLinks: true };

test('docs/openapi/card-processor.json matches the declared routes', async () => {
  const routes = [...chargeRoutes(books), ...chaosRoutes(control)];
  const text = `${JSON.stringify(openApiOf('card-processor', routes), null, 2)}\n`;
  const file = '../../../docs/openapi/card-processor.json';
  await expect(text, 'the file is outdated. Next: npm run openapi').toMatchFileSnapshot(file);
});
