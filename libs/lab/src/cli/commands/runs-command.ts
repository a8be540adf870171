import { type ListedRun, listRuns } from '../../evidence/stored-run/list-runs.ts';
import { pruneRuns } from '../../evidence/stored-run/prune-runs.ts';
import { count } from '../../text/count.ts';
import { duration } from '../../text/duration.ts';
import { paintVerdict, VERDICT_WORDS } from '../../views/narration/render-verdict.ts';
import { readUp } from '../background/up-file.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';

export interface RunsOptions {
  json?: boolean;
  /** All runs instead of the latest 15. */
  all?: boolean;
  /** First remove the folders of all but this many latest runs. */
  prune?: number;
}

const LATEST = 15;

/** Lists the past runs, the latest first. */
export async function runsCommand(cli: Cli, options: RunsOptions): Promise<number> {
  const { json, all, prune } = options;
  if (prune !== undefined) await removeOld(cli, prune);
  const runs = await listRuns(cli.root, all ? Number.POSITIVE_INFINITY : LATEST);
  if (json) writeJson(cli, { runs });
  else cli.out.write(renderRuns(runs, cli.out.paint));
  return EXIT.holds;
}

async function removeOld({ root, err }: Cli, keep: number): Promise<void> {
  const up = await readUp(root);
  const gone = await pruneRuns(root, keep, up?.ready ? [up.runDir] : []);
  err.write(`removed ${count(gone.length, 'folder')} of old runs\n`);
}

/** One line per run: verdict, duration, coordination and the name for other commands. Pure. */
export function renderRuns(runs: readonly ListedRun[], paint: Cli['out']['paint']): string {
  if (runs.length === 0) return "there are no runs yet. Next: 'scenario run saga-compensation'.\n";
  const lines = runs.map(({ run, verdict, coordination, durationMs }) => {
    const gap = ' '.repeat(VERDICT_WIDTH - VERDICT_WORDS[verdict].length);
    const took = duration(durationMs).padStart(8);
    return `${paintVerdict(verdict, paint)}${gap}  ${took}  ${coordination.padEnd(4)}  ${run}`;
  });
  const next =
    "'scenario report RUN' opens the page of a run, 'scenario trace RUN' prints its traces.";
  return `${lines.join('\n')}\n\n${next}\n`;
}

const VERDICT_WIDTH = Math.max(...Object.values(VERDICT_WORDS).map((word) => word.length));
