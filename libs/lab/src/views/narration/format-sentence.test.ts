import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { sampleLines } from '../../evidence/record/sample-lines.fixture.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { createPaint } from '../../text/paint.ts';
import type { Mark } from '../page/report-data.ts';
import { formatSentence } from './format-sentence.ts';
import { createNarrator } from './narrator.ts';
import type { Sentence } from './sentence.ts';

const MARKS: Mark[] = [
  'plain',
  'good',
  'refused',
  'compensation',
  'again',
  'crash',
  'restart',
  'in-doubt',
  'trouble',
];

function sentence(text: string, mark: Mark = 'plain'): Sentence {
  const process = 'relay-inventory';
  return { atMs: 12_345.6, process, label: 'AB', text, mark, isDetail: false };
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

test.each([
  ['words', 'release-stock '.repeat(30)],
  ['an id that is longer than the line', 'x'.repeat(300)],
  ['an error of several lines', `first ${'y'.repeat(90)}\nsecond`],
])('a long sentence is wrapped to 100 columns and loses no character: %s', (_what, text) => {
  const formatted = formatSentence(sentence(text), createPaint(false));
  expect(widthOf(formatted)).toBeLessThanOrEqual(COLUMNS_MAX);
  const letters = (of: string) => of.replaceAll(/\s/g, '');
  expect(letters(formatted)).toContain(letters(text));
});

test('time, process, order, mark and text are aligned in columns', () => {
  const narrator = createNarrator();
  const story = sampleLines().flatMap((line) => narrator.narrate(line) ?? []);
  const lines = story.map((each) => formatSentence(each, createPaint(false)).split('\n')[0]);
  expect(lines[0]).toBe('     +0 ms  client               POST /orders: bob wants 1 × tea');
  expect(lines[5]).toBe('    +12 ms  inventory       A    reserve-stock done (2.1 ms)');
  expect(lines[7]).toBe(
    '    +38 ms  inventory       A  ⟲ compensation release-stock done (2.1 ms)',
  );
});

test.each(MARKS)(
  'the mark %s has no escape codes without colour, and the same text with colour',
  (mark) => {
    const plain = formatSentence(sentence('reserve-stock done', mark), createPaint(false));
    const coloured = formatSentence(sentence('reserve-stock done', mark), createPaint(true));
    expect(plain).not.toContain('\u001b');
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  },
);
