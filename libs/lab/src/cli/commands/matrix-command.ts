import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { chaosOf, FAILPOINTS, seededRandom } from '@indoubt/chaos';
import type { Coordination } from '@indoubt/contracts';
import { didYouMean, Failure } from '@indoubt/failure';
import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import { newRunDir } from '../../runner/lab/start-lab.ts';
import { matrixPage } from '../../runner/matrix/matrix-page.ts';
import { type Cell, type Outcome, planCells, sampleCells } from '../../runner/matrix/plan-cells.ts';
import { renderMatrix } from '../../runner/matrix/render-matrix.ts';
import { type MatrixResult, runMatrix } from '../../runner/matrix/run-matrix.ts';
import { takeServers } from '../background/servers.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { createProgress } from '../progress.ts';

export interface MatrixCommandOptions {
  coordination?: Coordination | 'all';
  points?: string;
  hits?: number[];
  outcomes?: Outcome[];
  /** Plays every point once, and this share (0 to 1) of the other cells. */
  sample?: number;
  seed?: number;
  parallel?: number;
  infra: WantedProvider;
  json?: boolean;
}

/** Number of labs side by side. More labs than cores are useful, because cells mostly wait. */
const PARALLEL_MAX = 4;

/**
 * Plays the crash matrix, or the selected part of it.
 * @returns the exit code of its verdict
 * @throws Failure 'invalid-request' (definite) when no crash point matches `points`
 */
export async function matrixCommand(cli: Cli, options: MatrixCommandOptions): Promise<number> {
  const rules = chaosOf(cli.env);
  const cells = wantedCells(options);
  const progress = createProgress(cli.err);
  const { infrastructure } = await takeServers(cli, options.infra, progress);
  let result: MatrixResult;
  try {
    result = await runMatrix({
      cells,
      parallel: options.parallel ?? Math.min(PARALLEL_MAX, availableParallelism() + 1),
      infrastructure,
      root: cli.root,
      runDir: newRunDir(cli.root, 'matrix'),
      rules,
      signal: cli.signal,
      onCell({ verdict, coordination, point, hit, outcome }, done) {
        const cell = `${coordination} ${point}, hit ${hit}, ${outcome}`;
        progress.show(`${done} of ${cells.length}  ${cell}: ${verdict}`);
      },
    });
  } finally {
    progress.show('stopping the servers');
    await infrastructure.stop();
    progress.clear();
  }
  await writeFile(join(result.runDir, 'matrix.html'), matrixPage(result));
  await writeFile(join(result.runDir, 'matrix.json'), `${JSON.stringify(result, null, 2)}\n`);
  if (options.json) writeJson(cli, result);
  else cli.out.write(`${renderMatrix(shown(result), cli.out.paint)}\n${headline(cli, result)}\n`);
  return EXIT[result.verdict];
}

function wantedCells({
  coordination = 'all',
  points,
  sample,
  seed = 1,
  ...rest
}: MatrixCommandOptions) {
  const coordinations: Coordination[] = coordination === 'all' ? ['saga', '2pc'] : [coordination];
  const { hits, outcomes } = rest;
  const all: Cell[] = planCells({
    coordinations,
    ...(points !== undefined && { points }),
    ...(hits && { hits }),
    ...(outcomes && { outcomes }),
  });
  if (all.length === 0) {
    const names = FAILPOINTS.map(({ name }) => name);
    const hint = didYouMean(points ?? '', names);
    const what = `no crash point of this coordination matches '${points}'.${hint}`;
    throw new Failure(
      'invalid-request',
      `${what}\nNext: 'scenario failpoints' lists the crash points.`,
    );
  }
  return sample === undefined ? all : sampleCells(all, sample, seededRandom(seed));
}

/** The result with paths relative to the working directory. */
function shown(result: MatrixResult): MatrixResult {
  const short = (path: string) => relative(process.cwd(), path);
  const cells = result.cells.map((cell) => ({ ...cell, runDir: short(cell.runDir) }));
  return { ...result, cells, runDir: short(result.runDir) };
}

function headline({ out: { paint } }: Cli, { verdict, cells }: MatrixResult): string {
  const word = verdict.toUpperCase();
  const shown = verdict === 'holds' ? paint.green(word) : paint.red(word);
  return `${shown}  crash matrix: ${cells.length} cells`;
}
