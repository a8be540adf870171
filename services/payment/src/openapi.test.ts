import { capturePayment } from '@indoubt/contracts';
import { openApiOf } from '@indoubt/http';
import { chaosRoutes } from '@indoubt/service-host';
import { branchRoutes, type TransactionParticipant } from '@indoubt/two-phase-commit';
import { expect, test } from 'vitest';
import { type PaymentApi, paymentRoutes } from './http.ts';
import { reconciliationRoute } from './reconciliation-route.ts';

// These objects are never called: the routes are only declared.
const api = {} as PaymentApi;
const neverCalled = () => Promise.reject(new Error('must not be called'));
const branches = {} as TransactionParticipant['branches'];
const control = { process: 'payment', hasLinks: true };

test('docs/openapi/payment.json matches the declared routes', async () => {
  const routes = [
    ...paymentRoutes(api),
    reconciliationRoute(neverCalled),
    ...branchRoutes(branches, [capturePayment]),
    ...chaosRoutes(control),
  ];
  const text = `${JSON.stringify(openApiOf('payment', routes), null, 2)}\n`;
  const file = '../../../docs/openapi/payment.json';
  await expect(text, 'the file is outdated. Next: npm run openapi').toMatchFileSnapshot(file);
});
