import { createApp, createLog, listen } from '@indoubt/http';
import { expect, onTestFinished, test } from 'vitest';
import { reconciliationRoute } from './reconciliation-route.ts';

const SECRET = 'a secret of sixteen and more';

test('payment reads the books only for a request with the secret', async () => {
  let reads = 0;
  const route = reconciliationRoute(async () => {
    reads += 1;
    return { comparedAt: '2026-11-21T10:00:00.000Z', counts: {} as never, items: [] };
  });
  const log = createLog({ service: 'payment', level: 'silent' });
  const app = { name: 'payment', log, routes: [route], ready: async () => ({}), secret: SECRET };
  const http = await listen(createApp(app), { host: '127.0.0.1', port: 0 });
  onTestFinished(() => http.close());
  const statusOf = async (headers: Record<string, string>) =>
    (await fetch(`http://127.0.0.1:${http.port}/reconciliation`, { headers })).status;
  expect(await statusOf({})).toBe(401);
  expect(await statusOf({ authorization: 'Bearer something else' })).toBe(401);
  expect(reads).toBe(0);
  expect(await statusOf({ authorization: `Bearer ${SECRET}` })).toBe(200);
  expect(reads).toBe(1);
});
