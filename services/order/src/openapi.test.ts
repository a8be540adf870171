import { createOrder } from '@indoubt/contracts';
import { openApiOf } from '@indoubt/http';
import { chaosRoutes } from '@indoubt/service-host';
import { branchRoutes, type TransactionParticipant } from '@indoubt/two-phase-commit';
import { expect, test } from 'vitest';
import { type OrderApi, orderRoutes } from './http.ts';

// These objects are never called: the routes are only declared.
const api = {} as OrderApi;
const branches = {} as TransactionParticipant['branches'];
const control = { process: 'order', hasLinks: true };

test('docs/openapi/order.json matches the declared routes', async () => {
  const routes = [
    ...orderRoutes(api),
    ...branchRoutes(branches, [createOrder]),
    ...chaosRoutes(control),
  ];
  const text = `${JSON.stringify(openApiOf('order', routes), null, 2)}\n`;
  const file = '../../../docs/openapi/order.json';
  await expect(text, 'the file is outdated. Next: npm run openapi').toMatchFileSnapshot(file);
});
