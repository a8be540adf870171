import { join } from 'node:path';
import type { ChaosRule, FailpointName } from '@indoubt/chaos';
import type { Verdict } from '../../evidence/run-result.ts';
import type { Infrastructure } from '../../infrastructure/provider.ts';
import { startLab } from '../lab/start-lab.ts';
import { labForScenario } from '../scenario/lab-for-scenario.ts';
import { MATRIX_WORLD } from './matrix-world.ts';
import type { Cell } from './plan-cells.ts';
import { type Bench, type CellResult, playCell } from './play-cell.ts';

export interface MatrixOptions {
  cells: readonly Cell[];
  /** Number of labs that play cells side by side. */
  parallel: number;
  infrastructure: Infrastructure;
  /** The checkout. */
  root: string;
  runDir: string;
  /** Faults in addition to those of each cell, such as a broken variant. */
  rules: readonly ChaosRule[];
  signal: AbortSignal;
  onCell(result: CellResult, done: number): void;
}

/** The document of `scenario matrix --json`. */
export interface MatrixResult {
  verdict: Verdict;
  cells: CellResult[];
  /** Crash points at which no process died in any cell: the matrix proves nothing about them. */
  neverHit: FailpointName[];
  durationMs: number;
  runDir: string;
}

/** A lab is replaced after so many cells, because every check reads its whole, growing record. */
const CELLS_OF_A_LAB_MAX = 40;
/** Short, so that deadlines fire and the order of a dead service continues soon. */
const SAGA = { answerWithinMs: 400, attemptsMax: 4 };
const DEATHS_MAX = 500;

/** Plays all cells, on several labs side by side. A lab with a broken cell is not used again. */
export async function runMatrix(options: MatrixOptions): Promise<MatrixResult> {
  const { cells, parallel, runDir } = options;
  const startedAt = performance.now();
  const results: CellResult[] = [];
  const left = [...cells.entries()].toReversed();
  const workers = Math.max(1, Math.min(parallel, cells.length));
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let lab = 1; left.length > 0; lab += 1) {
        await playOnOneLab(options, join(runDir, `lab-${worker + 1}-${lab}`), left, results);
      }
    }),
  );
  const inOrder = results.toSorted((one, other) => placeOf(cells, one) - placeOf(cells, other));
  const neverHit = neverHitOf(inOrder);
  const durationMs = Math.round(performance.now() - startedAt);
  return { verdict: verdictOf(inOrder, neverHit), cells: inOrder, neverHit, durationMs, runDir };
}

async function playOnOneLab(
  options: MatrixOptions,
  labDir: string,
  left: [number, Cell][],
  results: CellResult[],
): Promise<void> {
  const { infrastructure, root, signal, runDir, rules } = options;
  const lab = await startLab({
    infrastructure,
    root,
    runDir: labDir,
    world: MATRIX_WORLD,
    coordination: 'saga',
    saga: SAGA,
    chaos: { rules, seed: 1, control: true, links: false },
    deathsMax: DEATHS_MAX,
    signal,
    onLine: () => undefined,
  });
  try {
    const bench: Bench = { lab, client: labForScenario(lab, 1, signal).client, signal };
    for (let played = 0; played < CELLS_OF_A_LAB_MAX; played += 1) {
      const next = left.pop();
      if (next === undefined) return;
      const [index, cell] = next;
      const cellDir = join(runDir, 'cells', folderOf(index, cell));
      const result = await playCell(bench, cell, cellDir);
      results.push(result);
      options.onCell(result, results.length);
      if (result.verdict === 'broken' || result.verdict === 'unknown') return;
    }
  } finally {
    await lab.stop();
  }
}

function folderOf(index: number, { coordination, point, hit, outcome }: Cell): string {
  const number = String(index + 1).padStart(3, '0');
  return `${number}-${coordination}-${point.replace(':', '-')}-${hit}-${outcome}`;
}

function placeOf(cells: readonly Cell[], result: CellResult): number {
  return cells.findIndex(
    ({ coordination, point, hit, outcome }) =>
      coordination === result.coordination &&
      point === result.point &&
      hit === result.hit &&
      outcome === result.outcome,
  );
}

/** Crash points that no cell reached. Pure. */
export function neverHitOf(cells: readonly CellResult[]): FailpointName[] {
  const byPoint = Map.groupBy(cells, ({ point }) => point);
  const isMissed = (all: CellResult[]) => all.every(({ verdict }) => verdict === 'not-reached');
  return [...byPoint].filter(([, all]) => isMissed(all)).map(([point]) => point);
}

/** A broken cell makes the matrix broken. A crash point without a hit makes it unknown. Pure. */
export function verdictOf(
  cells: readonly CellResult[],
  neverHit: readonly FailpointName[],
): Verdict {
  if (cells.some(({ verdict }) => verdict === 'broken')) return 'broken';
  const isOpen = neverHit.length > 0 || cells.some(({ verdict }) => verdict === 'unknown');
  return isOpen || cells.length === 0 ? 'unknown' : 'holds';
}
