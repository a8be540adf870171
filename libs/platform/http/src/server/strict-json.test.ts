import { expect, test } from 'vitest';
import { parseStrictJson } from './strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));

test.each([
  '{"a":{"b":[1,"x:y",{"c":"\\":\\""}]},"b":2}',
  '[{"a":1},{"a":1}]',
  '"\\ud83d\\ude00 \\u00e9"',
  '{"":{"\\u0061":":"}}',
  '-0.5e3',
  `${'['.repeat(32)}${']'.repeat(32)}`,
])('the body %s is parsed as JSON.parse does', (text) => {
  expect(parse(text)).toEqual(JSON.parse(text));
});

test.each([
  ['{"a":1,"a":2}', /same name twice/],
  ['{"a":1,"\\u0061":2}', /same name twice/],
  ['[{"x":{"a:":1,"b":"\\"","a:":2}}]', /same name twice/],
  ['{"__proto__":{"x":1}}', /"__proto__" is not allowed as a name/],
  ['[{"constructor":{"prototype":{}}}]', /"constructor" is not allowed as a name/],
  ['"\\u0000"', /NUL/],
  ['{"a\\u0000":1}', /NUL/],
  ['"\\ud800"', /lone surrogate/],
  ['1e400', /a number that is too large/],
  [`${'['.repeat(33)}${']'.repeat(33)}`, /more than 32 levels/],
  [`${'['.repeat(30_000)}${']'.repeat(30_000)}`, /more than 32 levels/],
  ['', /not valid JSON/],
  ['{"a":1}}', /not valid JSON/],
  ['\ufeff{}', /not valid JSON/],
  ["{'a':1}", /not valid JSON/],
])('the body %.40s is refused', (text, says) => {
  expect(() => parse(text)).toThrow(says);
});

test.each([
  [0xff, 0x22],
  [0x22, 0xc3, 0x28, 0x22],
  [0x22, 0xed, 0xa0, 0x80, 0x22],
  [0x22, 0xe2, 0x82, 0x22],
])('the bytes %i %i … are refused, since they are not UTF-8', (...bytes) => {
  expect(() => parseStrictJson(Uint8Array.from(bytes))).toThrow('not UTF-8');
});
