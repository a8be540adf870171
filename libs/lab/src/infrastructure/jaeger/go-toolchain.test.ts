import { expect, test } from 'vitest';
import { goRequirement, isAtLeast, parseGoVersion } from './go-toolchain.ts';

test.each([
  ['go version go1.26.8 linux/amd64', '1.26.8'],
  ['go version go1.21 darwin/arm64', '1.21'],
  ['go version go1.25rc1 linux/amd64', '1.25'],
  ['go version devel +abc linux/amd64', null],
  ['', null],
])('the output "%s" has the Go version %s', (output, version) => {
  expect(parseGoVersion(output)).toBe(version);
});

test.each([
  ['1.26.8', '1.24.6', true],
  ['1.24.6', '1.24.6', true],
  ['1.24.5', '1.24.6', false],
  ['1.25', '1.24.6', true],
  ['1.24', '1.24.6', false],
  ['1.9.7', '1.24.6', false],
  ['2.0', '1.24.6', true],
])('%s is at least %s: %s', (version, wanted, enough) => {
  expect(isAtLeast(version, wanted)).toBe(enough);
});

test('a Go that is too old does not meet the requirement, and its version is shown', () => {
  const { found, howToGet } = goRequirement('1.19.8', '1.24.6');
  expect(found).toBeNull();
  expect(howToGet).toContain('the Go on PATH is 1.19.8: install Go 1.24.6 or later');
});
