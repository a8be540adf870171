import { expect, test } from 'vitest';
import { checkReady } from './readiness.ts';

test('ready when every part answers', async () => {
  const parts = { database: true, broker: true };
  expect(await checkReady(() => Promise.resolve(parts))).toEqual(parts);
});

test('the parts that do not answer are named', async () => {
  const ready = () => Promise.resolve({ database: true, broker: false });
  await expect(checkReady(ready)).rejects.toThrow('Not ready: broker does not answer.');
});

test('a check that throws is not ready', async () => {
  const ready = () => Promise.reject(new Error('connection refused'));
  await expect(checkReady(ready)).rejects.toMatchObject({ code: 'service-unavailable' });
});

test('a check that hangs is not ready', async () => {
  const ready = () => new Promise<never>(() => undefined);
  await expect(checkReady(ready, 5)).rejects.toThrow('within 5 ms');
});
