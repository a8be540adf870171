import { expect, test } from 'vitest';
import { isSaturated } from './pool.ts';

test.each([
  [0, false],
  [3, false],
  [4, true],
])('with %i waiting for a connection, and 3 that may: saturated is %s', (waitingCount, is) => {
  expect(isSaturated({ waitingCount }, 3)).toBe(is);
});
