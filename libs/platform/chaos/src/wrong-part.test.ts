import { expect, test } from 'vitest';
import { invalidConfig, knownName, quoted } from './wrong-part.ts';

test('long lines are wrapped at 100 characters, and existing line breaks stay', () => {
  const { message, code } = invalidConfig(`first line\n${'word '.repeat(50).trim()}`);
  expect(code).toBe('invalid-config');
  const lines = message.split('\n');
  expect(lines[0]).toBe('first line');
  expect(lines.length).toBe(4);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
});

test('a text is quoted on one line and cut after 70 characters', () => {
  expect(quoted('a\n b')).toBe('"a b"');
  expect(quoted('x'.repeat(1_000))).toHaveLength(73);
});

test('the error about an unknown name has the nearest name and all names', () => {
  expect(knownName('red', ['red', 'blue'], 'a colour')).toBe('red');
  expect(() => knownName('blu', ['red', 'blue'], 'a colour')).toThrow(
    `"blu" is not a colour. Did you mean 'blue'? There are: red, blue.`,
  );
});
