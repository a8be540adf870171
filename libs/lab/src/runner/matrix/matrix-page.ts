import { HITS, OUTCOMES } from './plan-cells.ts';
import type { CellResult } from './play-cell.ts';
import type { MatrixResult } from './run-matrix.ts';

const STYLE = `
body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; color: #1b1f24; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0 2rem; }
th, td { border: 1px solid #c9d1d9; padding: .25rem .5rem; text-align: center; }
th[scope=row] { text-align: left; font-family: ui-monospace, monospace; font-weight: normal; }
.holds { background: #d6f5dd; } .broken { background: #ffd7d5; font-weight: bold; }
.not-reached { color: #6e7781; } .unknown { background: #fff3c4; }
code { font-family: ui-monospace, monospace; } pre { white-space: pre-wrap; }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117; } th, td { border-color: #30363d; }
  .holds { background: #12381f; } .broken { background: #5a1e1c; } .unknown { background: #4d3b00; }
}`;

/** The matrix as a single page without scripts and external resources. Pure. */
export function matrixPage(result: MatrixResult): string {
  const { cells, verdict, neverHit, durationMs } = result;
  const groups = [...Map.groupBy(cells, ({ coordination }) => coordination)];
  const tables = groups.map(([coordination, own]) => table(coordination, own)).join('\n');
  const bad = cells.filter((cell) => cell.verdict === 'broken' || cell.verdict === 'unknown');
  const seconds = (durationMs / 1_000).toFixed(0);
  const missed = neverHit.length === 0 ? 'none' : escaped(neverHit.join(', '));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>In Doubt: crash matrix</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>
<h1>Crash matrix: ${verdict}</h1>
<p>${cells.length} cells in ${seconds} s. In each cell a process dies at a
crash point, at its first or second hit, while an order is placed. Points never hit: ${missed}.</p>
${tables}
${bad.map(section).join('\n')}
</body></html>
`;
}

function table(coordination: string, cells: readonly CellResult[]): string {
  const heads = OUTCOMES.map((outcome) => `<th colspan="${HITS.length}">${outcome}</th>`).join('');
  const hits = OUTCOMES.flatMap(() => HITS.map((hit) => `<th scope="col">hit ${hit}</th>`)).join(
    '',
  );
  const rows = [...Map.groupBy(cells, ({ point }) => point)].map(([point, own]) => {
    const found = OUTCOMES.flatMap((outcome) =>
      HITS.map((hit) => own.find((each) => each.outcome === outcome && each.hit === hit)),
    );
    return `<tr><th scope="row">${escaped(point)}</th>${found.map(entry).join('')}</tr>`;
  });
  return `<h2>${coordination}</h2><table><thead><tr><th rowspan="2">crash point</th>${heads}</tr>
<tr>${hits}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function entry(cell: CellResult | undefined): string {
  if (cell === undefined) return '<td></td>';
  const { verdict, durationMs, repeat } = cell;
  const title = escaped(`${durationMs} ms. Again: ${repeat}`);
  return `<td class="${verdict}" title="${title}">${verdict}</td>`;
}

function section({ point, hit, outcome, verdict, detail, runDir, repeat }: CellResult): string {
  return `<h2>${verdict}: ${escaped(point)}, hit ${hit}, ${outcome}</h2>
<pre>${escaped(detail)}</pre><p>Record: <code>${escaped(runDir)}</code><br>
Again: <code>${escaped(repeat)}</code></p>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
