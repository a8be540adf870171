import { expect, test } from 'vitest';
import { formatPlace, parsePlace } from './page-address.ts';

test('a written hash is read back unchanged', () => {
  const hash = formatPlace({ run: 1, order: 'A', event: 12 });
  expect(hash).toBe('#event=12&order=A&run=2');
  expect(parsePlace(hash)).toEqual({ run: 1, order: 'A', event: 12 });
});

test('all orders without a selected event are an empty hash', () => {
  expect(formatPlace({ run: 0, order: null, event: null })).toBe('#order=all');
  expect(parsePlace('')).toEqual({ run: 0, event: null });
});

test.each(['#event=-1', '#event=1e3', '#event=', '#event=<b>', '#run=7', '#story'])(
  'an invalid hash is ignored: %s',
  (hash) => {
    expect(parsePlace(hash)).toEqual({ run: 0, event: null });
  },
);
