import { expect, test } from 'vitest';
import { allOrNone } from './all-or-none.ts';

test('all succeed: their results, in order', async () => {
  const results = await allOrNone([Promise.resolve(1), Promise.resolve('b')], () => undefined);
  expect(results).toEqual([1, 'b']);
});

test('one fails: the others are told, and have ended before anybody hears of it', async () => {
  const told = Promise.withResolvers<void>();
  let hasEnded = false;
  const slow = async (): Promise<void> => {
    await told.promise;
    hasEnded = true;
  };
  const work = allOrNone([Promise.reject(new Error('broken')), slow()], told.resolve);
  await expect(work).rejects.toThrow('broken');
  expect(hasEnded).toBe(true);
});
