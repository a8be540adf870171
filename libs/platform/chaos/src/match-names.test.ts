import { expect, test } from 'vitest';
import { matchHalves, matching } from './match-names.ts';

const of = {
  names: ['one:red', 'one:blue', 'two:blue'],
  between: ':',
  left: 'a house',
  right: 'a colour of',
};

test('a name matches itself, a star matches any letters, and two stars are the same as one', () => {
  expect(matching('one:red', of.names)).toEqual(['one:red']);
  expect(matching('*:blue', of.names)).toEqual(['one:blue', 'two:blue']);
  expect(matching('**e:**', of.names)).toEqual(['one:red', 'one:blue']);
});

test('a dot in a target matches only a dot', () => {
  expect(matching('one.red', of.names)).toEqual([]);
});

test('the error names the wrong half of a target: the left half first, then the right half', () => {
  expect(() => matchHalves('oen:red', of)).toThrow(`"oen" is not a house. There are: one, two.`);
  expect(() => matchHalves('two:red', of)).toThrow(
    '"red" is not a colour of two. There are: blue.',
  );
  expect(() => matchHalves('one:blu', of)).toThrow(`not a colour of one. Did you mean 'blue'?`);
});
