import { expect, test } from 'vitest';
import { formatAt, formatMs } from './format-ms.ts';

test.each([
  [0, '0 ms'],
  [0.42, '0.4 ms'],
  [12.6, '13 ms'],
  [999, '999 ms'],
  [2412, '2.41 s'],
])('%d milliseconds are rendered as %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text);
});

test('a time has a sign, and a time before the first request is negative', () => {
  expect([0, 143, -12].map(formatAt)).toEqual(['+0 ms', '+143 ms', '\u221212 ms']);
});
