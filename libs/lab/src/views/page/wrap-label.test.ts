import { expect, test } from 'vitest';
import { wrapLabel } from './wrap-label.ts';

test('a label is broken into lines of about the same length', () => {
  expect(wrapLabel('sends the order', 20)).toEqual(['sends the order']);
  expect(wrapLabel('knows reserve-stock already: same answer again', 30)).toEqual([
    'knows reserve-stock',
    'already: same answer again',
  ]);
});

test('a word that is longer than a line gets a line of its own', () => {
  expect(wrapLabel('at relay-order:published-not-marked', 10)).toEqual([
    'at',
    'relay-order:published-not-marked',
  ]);
});

test('a wrapped label loses no word', () => {
  const text = 'order, saga and outbox row written in one transaction';
  expect(wrapLabel(text, 12).join(' ')).toBe(text);
});
