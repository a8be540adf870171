import { expect, test } from 'vitest';
import type { LinkFault } from './link-fault.ts';
import { type Bucket, delayOf, fullBucket, rateOf, takeTokens } from './pacing.ts';

const half = (): number => 0.5;
const late = (delayMs: number, jitterMs?: number): LinkFault => ({
  action: 'delay',
  direction: 'both',
  delayMs,
  ...(jitterMs !== undefined && { jitterMs }),
});
const slow = (bytesPerSecond: number): LinkFault => ({
  action: 'throttle',
  direction: 'both',
  bytesPerSecond,
});

test('several delays add up, each with its jitter', () => {
  expect(delayOf([], half)).toBe(0);
  expect(delayOf([late(30), slow(5)], half)).toBe(30);
  expect(delayOf([late(30, 10), late(5)], half)).toBe(40);
});

test('a delay without jitter draws no random number', () => {
  const drawn = (): number => {
    throw new Error('drawn');
  };
  expect(delayOf([late(30)], drawn)).toBe(30);
});

test('the rate is that of the slowest throttle', () => {
  expect(rateOf([late(30)])).toBe(Infinity);
  expect(rateOf([slow(500), slow(100), late(1)])).toBe(100);
});

test('without a throttle all bytes may go at once', () => {
  const taken = takeTokens(fullBucket(Infinity, 0), Infinity, 100_000, 0);
  expect(taken).toMatchObject({ bytes: 100_000, waitMs: 0 });
});

test('the bytes of a full bucket go at once, and the next bytes wait for a full bucket', () => {
  const first = takeTokens(fullBucket(1000, 0), 1000, 500, 0);
  expect(first).toMatchObject({ bytes: 20, waitMs: 0 });
  const second = takeTokens(first.bucket, 1000, 480, 5);
  expect(second).toMatchObject({ bytes: 0, waitMs: 15 });
  expect(takeTokens(second.bucket, 1000, 480, 20)).toMatchObject({ bytes: 20, waitMs: 0 });
});

test('an idle link saves up at most one full bucket', () => {
  const { bucket } = takeTokens(fullBucket(1000, 0), 1000, 20, 0);
  expect(takeTokens(bucket, 1000, 500, 60_000).bytes).toBe(20);
});

test.each([1, 7, 100, 48_000, 1_000_000])(
  'a throttle of %i bytes in a second is never exceeded',
  (rate) => {
    let bucket: Bucket = fullBucket(rate, 0);
    let nowMs = 0;
    let left = rate * 3;
    while (left > 0) {
      const taken = takeTokens(bucket, rate, left, nowMs);
      expect(taken.bytes > 0).toBe(taken.waitMs === 0);
      bucket = taken.bucket;
      left -= taken.bytes;
      nowMs += taken.waitMs;
    }
    expect(nowMs).toBeGreaterThanOrEqual(3000 - Math.max(20, 1000 / rate));
    expect(nowMs).toBeLessThan(3500); // timers have whole milliseconds only
  },
);
