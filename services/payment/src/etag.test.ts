import { expect, test } from 'vitest';
import { etagOf, namesTag } from './etag.ts';

const NOW = etagOf(7);

test.each([
  ['"7"', true, true],
  ['"6", "7"', true, true],
  ['*', true, true],
  [' * ', true, true],
  ['W/"7"', false, true],
  ['"6", W/"7"', false, true],
  ['"6"', false, false],
  ['7', false, false],
  ['"77"', false, false],
  ['', false, false],
])('the list %s matches the tag strongly: %s, weakly: %s', (header, strong, weak) => {
  expect(namesTag(header, NOW, false)).toBe(strong);
  expect(namesTag(header, NOW, true)).toBe(weak);
});
