import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openInTime } from './open-in-time.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a database that opens too late or fails is left out for the whole run', async () => {
  const slow = Promise.withResolvers<string>();
  const opening = openInTime(
    [
      ['order', Promise.resolve('order')],
      ['payment', slow.promise],
      ['inventory', Promise.reject(new Error('away'))],
    ],
    2_000,
  );
  await vi.advanceTimersByTimeAsync(2_000);
  const { opened, missed } = await opening;
  slow.resolve('payment');
  await vi.advanceTimersByTimeAsync(1);
  expect([...opened]).toEqual([['order', 'order']]);
  expect(missed).toBe(2);
});

test('opening returns as soon as all databases are open', async () => {
  const { opened, missed } = await openInTime([['order', Promise.resolve(1)]], 2_000);
  expect([...opened]).toEqual([['order', 1]]);
  expect(missed).toBe(0);
});
