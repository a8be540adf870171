import { expect, test } from 'vitest';
import { isSaturated } from './pool.ts';

test.each([
  [0, false],
  [3, false],
  [4, true],
])('with %i waiting requests and a limit of 3, isSaturated is %s', (waitingCount, is) => {
  expect(isSaturated({ waitingCount }, 3)).toBe(is);
});
