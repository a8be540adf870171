import { COLUMNS_MAX } from '../../text/columns-max.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';
import type { Mark } from '../page/report-data.ts';
import type { Sentence } from './sentence.ts';

const TIME_WIDTH = 10; // "+12,345 ms"
const PROCESS_WIDTH = 15; // relay-inventory
const LABEL_WIDTH = 2;
const HEAD_WIDTH = TIME_WIDTH + 2 + PROCESS_WIDTH + 1 + LABEL_WIDTH + 1 + 2;

const SYMBOLS: Record<Mark, string> = {
  plain: ' ',
  good: '✓',
  refused: '✗',
  compensation: '⟲',
  again: '↻',
  crash: '✗',
  restart: '↻',
  'in-doubt': '?',
  trouble: '!',
};

/** Formats a sentence in columns: time, process, order, symbol, text. At most 100 columns wide. */
export function formatSentence(sentence: Sentence, paint: Paint): string {
  const { atMs, process, label, text, mark } = sentence;
  const colour = colours(paint)[mark];
  const [first = '', ...rest] = wrapText(text, COLUMNS_MAX - HEAD_WIDTH);
  const head = [
    paint.dim(timeOf(atMs).padStart(TIME_WIDTH)),
    ` ${paint.cyan(process.slice(0, PROCESS_WIDTH).padEnd(PROCESS_WIDTH))}`,
    paint.bold((label ?? '').slice(0, LABEL_WIDTH).padEnd(LABEL_WIDTH)),
    colour(SYMBOLS[mark]),
    colour(first),
  ].join(' ');
  return [head, ...rest.map((line) => ' '.repeat(HEAD_WIDTH) + colour(line))].join('\n');
}

function timeOf(atMs: number): string {
  const ms = Math.round(atMs);
  return ms < 100_000 ? `${ms < 0 ? '' : '+'}${ms} ms` : `+${Math.round(ms / 1000)} s`;
}

function colours(paint: Paint): Record<Mark, (text: string) => string> {
  return {
    plain: (text) => text,
    good: paint.green,
    refused: paint.red,
    compensation: paint.magenta,
    again: paint.yellow,
    crash: (text) => paint.bold(paint.red(text)),
    restart: paint.yellow,
    'in-doubt': paint.yellow,
    trouble: paint.red,
  };
}
