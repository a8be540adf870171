import { expect, test } from 'vitest';
import { createPaint } from '../../text/paint.ts';
import { renderComparison } from './render-comparison.ts';

const paint = createPaint(false);
const LONG = 'a very long sentence that somebody wrote '.repeat(5).trim();

test('without a comparison the text is empty', () => {
  expect(renderComparison(null, paint)).toBe('');
});

test('a comparison has a column per run, a line per measured value, and notes', () => {
  const comparison = {
    title: 'payment hangs for 900 ms',
    columns: ['saga', '2pc'],
    rows: [
      { what: 'final after (1)', values: ['971 ms', '1008 ms'] },
      { what: 'messages', values: ['4 Kafka', '14 HTTP'] },
    ],
    notes: ['(1) From the request on.'],
  };
  expect(renderComparison(comparison, paint).split('\n')).toEqual([
    'side by side: payment hangs for 900 ms',
    '                   saga     2pc',
    '  final after (1)  971 ms   1008 ms',
    '  messages         4 Kafka  14 HTTP',
    '  (1) From the request on.',
  ]);
});

test('long texts of a comparison are wrapped to 100 columns, and no word is lost', () => {
  const text = renderComparison(
    {
      title: LONG,
      columns: ['saga', '2pc'],
      rows: [{ what: LONG, values: [LONG, `${LONG} indeed`] }],
      notes: [`(1) ${LONG}`],
    },
    paint,
  );
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(text.match(/sentence/g)).toHaveLength(25);
  expect(text).toContain('indeed');
});
