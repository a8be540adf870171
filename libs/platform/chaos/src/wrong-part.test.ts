import { expect, test } from 'vitest';
import { invalidConfig, knownName, quoted } from './wrong-part.ts';

test('lines fit on a terminal; those that were broken on purpose stay broken', () => {
  const { message, code } = invalidConfig(`first line\n${'word '.repeat(50).trim()}`);
  expect(code).toBe('invalid-config');
  const lines = message.split('\n');
  expect(lines[0]).toBe('first line');
  expect(lines.length).toBe(4);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
});

test('what somebody wrote is quoted on one line, cut where it is endless', () => {
  expect(quoted('a\n b')).toBe('"a b"');
  expect(quoted('x'.repeat(1_000))).toHaveLength(73);
});

test('an unknown word: the nearest name, and all names', () => {
  expect(knownName('red', ['red', 'blue'], 'colour')).toBe('red');
  expect(() => knownName('blu', ['red', 'blue'], 'colour')).toThrow(
    `"blu" is no colour. Did you mean 'blue'? Write one of: red, blue.`,
  );
});
