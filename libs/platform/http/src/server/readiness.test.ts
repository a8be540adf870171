import { expect, test } from 'vitest';
import { checkReady } from './readiness.ts';

test('the service is ready when every part answers', async () => {
  const parts = { database: true, broker: true };
  expect(await checkReady(() => Promise.resolve(parts))).toEqual(parts);
});

test('the error names the parts that do not answer', async () => {
  const ready = () => Promise.resolve({ database: true, broker: false });
  await expect(checkReady(ready)).rejects.toThrow('Not ready: broker does not answer.');
});

test('the service is not ready when its check throws', async () => {
  const ready = () => Promise.reject(new Error('connection refused'));
  await expect(checkReady(ready)).rejects.toMatchObject({ code: 'service-unavailable' });
});

test('the service is not ready when its check hangs', async () => {
  const ready = () => new Promise<never>(() => undefined);
  await expect(checkReady(ready, 5)).rejects.toThrow('within 5 ms');
});
