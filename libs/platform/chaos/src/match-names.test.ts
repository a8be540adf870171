import { expect, test } from 'vitest';
import { matchHalves, matching } from './match-names.ts';

const of = {
  names: ['one:red', 'one:blue', 'two:blue'],
  between: ':',
  left: 'house',
  right: 'colour of',
};

test('a name is itself, a star any letters, two stars no more than one', () => {
  expect(matching('one:red', of.names)).toEqual(['one:red']);
  expect(matching('*:blue', of.names)).toEqual(['one:blue', 'two:blue']);
  expect(matching('**e:**', of.names)).toEqual(['one:red', 'one:blue']);
});

test('only a star is special: a dot is a dot', () => {
  expect(matching('one.red', of.names)).toEqual([]);
});

test('the half that is wrong is named: the left one first, then the right one of that left', () => {
  expect(() => matchHalves('oen:red', of)).toThrow(`"oen" is no house. There are: one, two.`);
  expect(() => matchHalves('two:red', of)).toThrow('"red" is no colour of two. There are: blue.');
  expect(() => matchHalves('one:blu', of)).toThrow(`no colour of one. Did you mean 'blue'?`);
});
