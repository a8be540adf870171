import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRows } from '../../evidence/rows/run-rows.ts';
import type { StoredRun } from '../../evidence/stored-run/open-run.ts';
import { renderPage } from '../page/render-page.ts';
import type { ReportData } from '../page/report-data.ts';
import { reportDataOf } from './report-data-of.ts';

/** The description of a scenario. */
export interface SaysOfItself {
  fault: string;
  teaches: string;
  steps: readonly string[];
}

/** The description of a scenario for the page. Pure. */
export function aboutScenario({ fault, teaches, steps }: SaysOfItself): ReportData['about'] {
  return { fault, teaches, story: steps.join(' ') };
}

export type Written = { file: string; problem: null } | { file: null; problem: string };

/**
 * Writes the page of a run into its folder: `report.html`, readable only by its owner, because it
 * contains rows. An error does not fail the run.
 * @returns its path, or why it could not be written
 */
export async function writeReport(
  run: Pick<StoredRun, 'dir' | 'result' | 'lines'>,
  rows: RunRows | null,
  about: ReportData['about'],
): Promise<Written> {
  const file = join(run.dir, 'report.html');
  try {
    await writePage(file, [reportDataOf(run, rows, about)]);
    return { file, problem: null };
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { file: null, problem: `the report ${file} could not be written: ${why}` };
  }
}

/** @throws the error of the file system or of the bundler of the page */
export async function writePage(
  file: string,
  runs: readonly [ReportData] | readonly [ReportData, ReportData],
): Promise<void> {
  await writeFile(file, await renderPage(runs), { mode: 0o600 });
}
