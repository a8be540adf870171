import { expect, test } from 'vitest';
import { retryAfterMs } from './failure-of-answer.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');

test.each([
  ['2', 2_000],
  ['Sat, 21 Nov 2026 10:00:05 GMT', 5_000],
  ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
  ['soon', 0],
  ['', 0],
  [undefined, 0],
])('the header Retry-After: %s means a pause of %i ms', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});
