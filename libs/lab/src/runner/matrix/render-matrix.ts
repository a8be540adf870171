import type { Paint } from '../../text/paint.ts';
import { HITS, OUTCOMES } from './plan-cells.ts';
import type { CellResult, CellVerdict } from './play-cell.ts';
import type { MatrixResult } from './run-matrix.ts';

const MARKS: Record<CellVerdict, string> = {
  holds: '+',
  broken: 'X',
  'not-reached': '.',
  unknown: '?',
};
const LEGEND =
  '+ holds   X broken   . not reached by this order   ? unknown   1, 2: hit at which it dies';
const NAME_COLUMNS = 42;

/** The grid of a matrix: a row per crash point, a column per outcome and hit. Pure. */
export function renderMatrix(result: MatrixResult, paint: Paint): string {
  const groups = Map.groupBy(result.cells, ({ coordination }) => coordination);
  const grids = [...groups].map(([coordination, own]) => grid(coordination, own, paint));
  const broken = result.cells.filter(
    ({ verdict }) => verdict === 'broken' || verdict === 'unknown',
  );
  return [...grids, LEGEND, ...broken.map((cell) => brokenCell(cell, paint)), totals(result, paint)]
    .join('\n\n')
    .concat('\n');
}

function grid(coordination: string, cells: readonly CellResult[], paint: Paint): string {
  const columns = OUTCOMES.flatMap((outcome) => HITS.map((hit) => ({ outcome, hit })));
  const heads = OUTCOMES.map((outcome) => outcome.padEnd(14)).join('');
  const hits = OUTCOMES.map(() => '1  2'.padEnd(14)).join('');
  const rows = [...Map.groupBy(cells, ({ point }) => point)].map(([point, own]) => {
    const marks = columns.map(({ outcome, hit }) => {
      const cell = own.find((each) => each.outcome === outcome && each.hit === hit);
      return painted(cell?.verdict, paint).concat(hit === 1 ? '  ' : ' '.repeat(10));
    });
    return `  ${point.padEnd(NAME_COLUMNS)}${marks.join('')}`.trimEnd();
  });
  const head = `  ${''.padEnd(NAME_COLUMNS)}${heads}`.trimEnd();
  const numbers = `  ${''.padEnd(NAME_COLUMNS)}${hits}`.trimEnd();
  return [paint.bold(coordination), head, numbers, ...rows].join('\n');
}

function painted(verdict: CellVerdict | undefined, paint: Paint): string {
  if (verdict === undefined) return ' ';
  if (verdict === 'holds') return paint.green(MARKS.holds);
  if (verdict === 'broken') return paint.red(MARKS.broken);
  return MARKS[verdict];
}

function brokenCell(cell: CellResult, paint: Paint): string {
  const { coordination, point, hit, outcome, verdict, detail, runDir, repeat } = cell;
  const head = `${paint.red(verdict)}  ${coordination} ${point}, hit ${hit}, ${outcome}`;
  const lines = detail.split('\n').map((line) => `        ${line}`);
  return [head, ...lines, `        record  ${runDir}`, `        again   ${repeat}`].join('\n');
}

/** The totals, and the crash points that were never hit. Pure. */
function totals({ cells, neverHit, durationMs, runDir }: MatrixResult, paint: Paint): string {
  const count = (wanted: CellVerdict) => cells.filter(({ verdict }) => verdict === wanted).length;
  const each = cells.length === 0 ? 0 : durationMs / cells.length / 1_000;
  const numbers = `${cells.length} cells in ${(durationMs / 1_000).toFixed(0)} s`;
  const lines = [
    `  ${numbers} (${each.toFixed(2)} s a cell): ${count('holds')} hold, ` +
      `${count('broken')} broken, ${count('not-reached')} not reached, ` +
      `${count('unknown')} unknown`,
    `  run folder  ${runDir}`,
    `  page        ${runDir}/matrix.html`,
  ];
  if (neverHit.length > 0) lines.push(paint.red(`  never hit   ${neverHit.join(', ')}`));
  return lines.join('\n');
}
