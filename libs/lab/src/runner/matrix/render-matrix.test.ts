import { expect, test } from 'vitest';
import { createPaint } from '../../text/paint.ts';
import { matrixPage } from './matrix-page.ts';
import type { CellResult, CellVerdict } from './play-cell.ts';
import { renderMatrix } from './render-matrix.ts';
import { type MatrixResult, neverHitOf, verdictOf } from './run-matrix.ts';

function cell(verdict: CellVerdict, hit = 1, outcome: CellResult['outcome'] = 'confirmed') {
  const point = 'payment:acted-not-committed' as const;
  const detail = verdict === 'broken' ? 'INV-6: acted <twice>' : '';
  const broken = verdict === 'broken' ? ['INV-6'] : [];
  const rest = {
    broken,
    detail,
    durationMs: 900,
    runDir: '.lab/runs/m/cells/001',
    repeat: './scenario',
  };
  return { coordination: 'saga' as const, point, hit, outcome, verdict, ...rest };
}

function result(cells: CellResult[]): MatrixResult {
  const neverHit = neverHitOf(cells);
  const verdict = verdictOf(cells, neverHit);
  return { verdict, cells, neverHit, durationMs: 1_800, runDir: '.lab/runs/m' };
}

const plain = createPaint(false);

test('the grid has a row for each point and a column for each outcome and hit', () => {
  const cells = [cell('holds'), cell('broken', 2), cell('not-reached', 1, 'declined')];
  const rows = renderMatrix(result(cells), plain).split('\n');
  expect(rows.find((row) => row.includes('acted-not-committed '))).toMatch(/ \+ {2}X {10}\.$/);
});

test('a broken cell shows what is broken, its record and the command that repeats it', () => {
  const text = renderMatrix(result([cell('broken')]), plain);
  expect(text).toContain('INV-6: acted <twice>');
  expect(text).toContain('record  .lab/runs/m/cells/001');
  expect(text).toContain('again   ./scenario');
});

test('no line of the matrix is wider than 100 columns', () => {
  const text = renderMatrix(result([cell('holds'), cell('broken')]), plain);
  expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
});

test('the page escapes HTML in texts', () => {
  const page = matrixPage(result([cell('broken')]));
  expect(page).toContain('acted &lt;twice&gt;');
  expect(page).not.toContain('<twice>');
});

test('one broken cell makes the matrix broken', () => {
  expect(verdictOf([cell('holds'), cell('broken')], [])).toBe('broken');
});

test('a crash point that no cell reached makes the matrix unknown', () => {
  const cells = [cell('not-reached'), cell('not-reached', 2)];
  expect(neverHitOf(cells)).toEqual(['payment:acted-not-committed']);
  expect(verdictOf(cells, neverHitOf(cells))).toBe('unknown');
});

test('a crash point counts as reached when one of its cells reached it', () => {
  const cells = [cell('not-reached', 1, 'out-of-stock'), cell('holds')];
  expect(verdictOf(cells, neverHitOf(cells))).toBe('holds');
});

test('a matrix without cells is unknown', () => {
  expect(verdictOf([], [])).toBe('unknown');
});
