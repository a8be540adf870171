import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { createOrderWaiters } from './order-waiters.ts';

test('what is there already needs no waiting', async () => {
  const waiters = createOrderWaiters();
  expect(await waiters.until('a', 60_000, async () => 'CONFIRMED')).toBe('CONFIRMED');
});

test('an order that ends while the row is being read is not missed', async () => {
  const waiters = createOrderWaiters();
  let looks = 0;
  const found = await waiters.until('a', 60_000, async () => {
    looks += 1;
    if (looks === 1) waiters.ended('a');
    return looks === 2 ? 'CONFIRMED' : undefined;
  });
  expect(found).toBe('CONFIRMED');
});

test('an end that another copy of the service wrote is found by looking', async () => {
  const waiters = createOrderWaiters();
  let looks = 0;
  const found = await waiters.until('a', 60_000, async () => {
    looks += 1;
    return looks === 2 ? 'REJECTED' : undefined;
  });
  expect(found).toBe('REJECTED');
});

test('a database that blinks is looked at again: the order was accepted all the same', async () => {
  const waiters = createOrderWaiters();
  let looks = 0;
  const found = await waiters.until('a', 60_000, async () => {
    looks += 1;
    if (looks === 1) throw new Failure('database-unavailable', 'refused');
    return 'CONFIRMED';
  });
  expect(found).toBe('CONFIRMED');
});

test('nobody looks for a client that has left', async () => {
  const waiters = createOrderWaiters();
  const gone = AbortSignal.abort();
  expect(await waiters.until('a', 60_000, async () => undefined, gone)).toBeUndefined();
});

test('time is up: still undefined', async () => {
  const waiters = createOrderWaiters();
  expect(await waiters.until('a', 1, async () => undefined)).toBeUndefined();
});

test('the process stops: whoever waits, or comes later, is answered at once', async () => {
  const waiters = createOrderWaiters();
  const waiting = waiters.until('a', 60_000, async () => undefined);
  waiters.close();
  expect(await waiting).toBeUndefined();
  expect(await waiters.until('b', 60_000, async () => undefined)).toBeUndefined();
});
