import { expect, test } from 'vitest';
import { allOrNone } from './all-or-none.ts';

test('when all promises succeed, allOrNone returns their results in order', async () => {
  const results = await allOrNone([Promise.resolve(1), Promise.resolve('b')], () => undefined);
  expect(results).toEqual([1, 'b']);
});

test('after a failure allOrNone cancels the other promises and waits for them', async () => {
  const cancelled = Promise.withResolvers<void>();
  let hasEnded = false;
  const slow = async (): Promise<void> => {
    await cancelled.promise;
    hasEnded = true;
  };
  const work = allOrNone([Promise.reject(new Error('broken')), slow()], cancelled.resolve);
  await expect(work).rejects.toThrow('broken');
  expect(hasEnded).toBe(true);
});
