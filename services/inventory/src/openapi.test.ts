import { reserveStock } from '@indoubt/contracts';
import type { Queries } from '@indoubt/database';
import { openApiOf } from '@indoubt/http';
import { chaosRoutes } from '@indoubt/service-host';
import { branchRoutes, type TransactionParticipant } from '@indoubt/two-phase-commit';
import { expect, test } from 'vitest';
import { stockRoutes } from './http.ts';

// These objects are never called: the routes are only declared.
const read = {} as Queries;
const branches = {} as TransactionParticipant['branches'];
const control = { process: 'inventory', hasLinks: true };

test('docs/openapi/inventory.json matches the declared routes', async () => {
  const routes = [
    ...stockRoutes(read),
    ...branchRoutes(branches, [reserveStock]),
    ...chaosRoutes(control),
  ];
  const text = `${JSON.stringify(openApiOf('inventory', routes), null, 2)}\n`;
  const file = '../../../docs/openapi/inventory.json';
  await expect(text, 'the file is outdated. Next: npm run openapi').toMatchFileSnapshot(file);
});
