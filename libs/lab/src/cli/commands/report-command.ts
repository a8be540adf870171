import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '@indoubt/failure';
import { readRows } from '../../evidence/rows/run-rows.ts';
import { openRun, type StoredRun } from '../../evidence/stored-run/open-run.ts';
import { loadScenario } from '../../runner/scenario/scenario-catalogue.ts';
import { readablePath } from '../../text/readable-path.ts';
import type { ReportData } from '../../views/page/report-data.ts';
import { reportDataOf } from '../../views/report/report-data-of.ts';
import { aboutScenario, writePage } from '../../views/report/write-report.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { openInBrowser } from '../open-in-browser.ts';

export interface ReportOptions {
  /** The file of the page; by default in the run's folder. */
  out?: string;
  /** False with `--no-open`. */
  open?: boolean;
  json?: boolean;
}

/**
 * Writes the page of a run, or of two runs side by side, from their folders and opens it.
 * @throws Failure 'invalid-request' (definite): an unknown run, a damaged folder or a file that
 *   cannot be written
 */
export async function reportCommand(
  cli: Cli,
  wanted: readonly string[],
  { out, open = true, json }: ReportOptions,
): Promise<number> {
  const runs = await Promise.all(wanted.map((name) => openRun(cli.root, name)));
  const [one, other] = await Promise.all(runs.map((run) => dataOf(cli.root, run)));
  if (one === undefined)
    throw new Failure('invalid-request', 'no run is named.\nNext: name one run, or two.');
  if (json) {
    writeJson(cli, { runs: other === undefined ? [one] : [one, other] });
    return EXIT.holds;
  }
  const file = out === undefined ? await placeOf(cli.root, runs) : resolve(out);
  await write(file, other === undefined ? [one] : [one, other]);
  const isShown = open && cli.out.isTerminal && (await openInBrowser(file, cli.env));
  const next = isShown
    ? 'opened in the browser'
    : `open it in a browser: ${pathToFileURL(file).href}`;
  cli.out.write(`${readablePath(file)}\n${next}\n`);
  return EXIT.holds;
}

/** The checkout may no longer have the scenario of the run. Then the page omits the lesson. */
async function dataOf(root: string, run: StoredRun): Promise<ReportData> {
  const rows = await readRows(run.dir);
  const about = await loadScenario(root, run.result.scenario).then(aboutScenario, () => null);
  return reportDataOf(run, rows, about);
}

/** The page of one run goes into its folder. The page of two runs goes into `.lab/reports`. */
async function placeOf(root: string, runs: readonly StoredRun[]): Promise<string> {
  const [one, ...others] = runs;
  if (one !== undefined && others.length === 0) return join(one.dir, 'report.html');
  const folder = join(root, '.lab', 'reports');
  await mkdir(folder, { recursive: true });
  return join(folder, `${runs.map(({ dir }) => basename(dir)).join('--')}.html`);
}

async function write(file: string, runs: [ReportData] | [ReportData, ReportData]): Promise<void> {
  try {
    await writePage(file, runs);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failure(
      'invalid-request',
      `the report could not be written to ${file}: ${why}\n` +
        'Next: choose another file with --out FILE, in a folder that exists.',
      { cause: error },
    );
  }
}
