import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { createOrderWaiters } from './order-waiters.ts';

test('an order that has already ended is returned at once', async () => {
  const waiters = createOrderWaiters();
  expect(await waiters.until('a', 60_000, async () => 'CONFIRMED')).toBe('CONFIRMED');
});

test('an order that ends during a poll is found by the next poll at once', async () => {
  const waiters = createOrderWaiters();
  let polls = 0;
  const found = await waiters.until('a', 60_000, async () => {
    polls += 1;
    if (polls === 1) waiters.ended('a');
    return polls === 2 ? 'CONFIRMED' : undefined;
  });
  expect(found).toBe('CONFIRMED');
});

test('an end that another copy of the service wrote is found by polling', async () => {
  const waiters = createOrderWaiters();
  let polls = 0;
  const found = await waiters.until('a', 60_000, async () => {
    polls += 1;
    return polls === 2 ? 'REJECTED' : undefined;
  });
  expect(found).toBe('REJECTED');
});

test('a poll that fails while the database is unavailable is repeated', async () => {
  const waiters = createOrderWaiters();
  let polls = 0;
  const found = await waiters.until('a', 60_000, async () => {
    polls += 1;
    if (polls === 1) throw new Failure('database-unavailable', 'refused');
    return 'CONFIRMED';
  });
  expect(found).toBe('CONFIRMED');
});

test('polling ends when the client has disconnected', async () => {
  const waiters = createOrderWaiters();
  const gone = AbortSignal.abort();
  expect(await waiters.until('a', 60_000, async () => undefined, gone)).toBeUndefined();
});

test('a wait that times out returns undefined', async () => {
  const waiters = createOrderWaiters();
  expect(await waiters.until('a', 1, async () => undefined)).toBeUndefined();
});

test('after close, current and later waits return at once', async () => {
  const waiters = createOrderWaiters();
  const waiting = waiters.until('a', 60_000, async () => undefined);
  waiters.close();
  expect(await waiting).toBeUndefined();
  expect(await waiters.until('b', 60_000, async () => undefined)).toBeUndefined();
});
