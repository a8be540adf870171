import { expect, test } from 'vitest';
import { createBulkhead } from './bulkhead.ts';

test('a call beyond the limit fails at once, and an ended call makes room', async () => {
  const bulkhead = createBulkhead('payment', 2);
  const first = Promise.withResolvers<string>();
  const running = bulkhead.run(() => first.promise);
  const failing = bulkhead.run(() => Promise.reject(new Error('on purpose')));
  const third = bulkhead.run(async () => 'begun');
  await expect(third).rejects.toMatchObject({ code: 'bulkhead-full', certainty: 'definite' });
  await expect(failing).rejects.toThrow('on purpose');
  expect(await bulkhead.run(async () => 'begun')).toBe('begun');
  first.resolve('done');
  expect(await running).toBe('done');
  expect(bulkhead.inFlight()).toBe(0);
});
