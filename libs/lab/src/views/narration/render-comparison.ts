import type { Comparison } from '../../evidence/run-result.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';

const INDENT = '  ';
const GAP = '  ';
const NOTE_INDENT = ' '.repeat(6);
/** Characters. A longer value continues in another line, so that the first column has room. */
const VALUE_WIDTH_MAX = 28;

/** The measured values side by side, and below them notes on the measurement; '' for null. */
export function renderComparison(comparison: Comparison | null, paint: Paint): string {
  if (comparison === null) return '';
  const { title, columns, rows, notes } = comparison;
  const valueWidths = columns.map((name, column) => {
    const values = rows.map(({ values }) => values[column] ?? '');
    return Math.min(longest([name, ...values]), VALUE_WIDTH_MAX);
  });
  const taken = valueWidths.reduce((sum, width) => sum + GAP.length + width, INDENT.length);
  const whatWidth = Math.min(longest(rows.map(({ what }) => what)), COLUMNS_MAX - taken);
  const widths = [whatWidth, ...valueWidths];
  return [
    ...wrapText(`side by side: ${title}`, COLUMNS_MAX).map(paint.bold),
    ...rowLines(['', ...columns], widths).map(paint.dim),
    ...rows.flatMap(({ what, values }) => rowLines([what, ...values], widths)),
    ...notes.flatMap(noteLines).map(paint.dim),
  ].join('\n');
}

function rowLines(cells: string[], widths: number[]): string[] {
  const wrapped = widths.map((width, column) => wrapText(cells[column] ?? '', width));
  const height = Math.max(...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) => {
    const pieces = wrapped.map((cell, column) => (cell[line] ?? '').padEnd(widths[column] ?? 0));
    return `${INDENT}${pieces.join(GAP)}`.trimEnd();
  });
}

function noteLines(note: string): string[] {
  const [first = '', ...rest] = wrapText(note, COLUMNS_MAX - NOTE_INDENT.length);
  return [INDENT + first, ...rest.map((line) => NOTE_INDENT + line)];
}

function longest(texts: string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}
