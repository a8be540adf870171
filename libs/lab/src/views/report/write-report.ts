import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRows } from '../../evidence/rows/run-rows.ts';
import type { StoredRun } from '../../evidence/stored-run/open-run.ts';
import { renderPage } from '../page/render-page.ts';
import type { ReportData } from '../page/report-data.ts';
import { reportDataOf } from './report-data-of.ts';

/** What a scenario says of itself. */
export interface SaysOfItself {
  fault: string;
  teaches: string;
  steps: readonly string[];
}

/** What a reader of the page has to know of a scenario. Pure. */
export function aboutScenario({ fault, teaches, steps }: SaysOfItself): ReportData['about'] {
  return { fault, teaches, story: steps.join(' ') };
}

export type Written = { file: string; problem: null } | { file: null; problem: string };

/**
 * Writes the page of a run into its folder: `report.html`, for its owner's eyes as the rows in it.
 * @returns where it is, or why it could not be written: no run fails for that
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

/** @throws what the file system says, or the page's bundler */
export async function writePage(
  file: string,
  runs: readonly [ReportData] | readonly [ReportData, ReportData],
): Promise<void> {
  await writeFile(file, await renderPage(runs), { mode: 0o600 });
}
