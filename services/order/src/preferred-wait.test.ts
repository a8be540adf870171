import { expect, test } from 'vitest';
import { preferredWaitMs } from './preferred-wait.ts';

test.each([
  ['wait=5', 5_000],
  ['respond-async, wait=2', 2_000],
  ['WAIT = "3"', 3_000],
  ['wait=99999', 30_000],
  ['return=minimal', 0],
  ['wait=soon', 0],
  ['await=5', 0],
  [undefined, 0],
])('the header "Prefer: %s" means a wait of %d ms', (prefer, waitMs) => {
  expect(preferredWaitMs(prefer)).toBe(waitMs);
});
