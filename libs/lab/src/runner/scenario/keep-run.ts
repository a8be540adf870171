import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordLine } from '@indoubt/record';
import { type RunRows, writeRows } from '../../evidence/rows/run-rows.ts';
import type { RunResult } from '../../evidence/run-result.ts';
import { aboutScenario, type SaysOfItself, writeReport } from '../../views/report/write-report.ts';

/**
 * Puts into the folder of a run what is kept of it, beside its record: the rows, the page, and the
 * result, which says where the page is.
 * @returns the result as it was kept, and why there is no page or no rows, or null
 * @throws what the file system says when the result cannot be written
 */
export async function keepRun(
  scenario: SaysOfItself,
  found: RunResult,
  lines: RecordLine[],
  rows: RunRows,
): Promise<{ result: RunResult; reportProblem: string | null }> {
  const dir = found.runDir;
  const run = { dir, result: found, lines };
  const [{ file, problem }, noRows] = await Promise.all([
    writeReport(run, rows, aboutScenario(scenario)),
    writeRows(dir, rows),
  ]);
  const result = { ...found, report: file };
  // It has the databases' passwords in it, as --json does: for its owner's eyes.
  const text = `${JSON.stringify(result, null, 2)}\n`;
  await writeFile(join(dir, 'result.json'), text, { mode: 0o600 });
  const problems = [problem, noRows].filter((each) => each !== null);
  return { result, reportProblem: problems.length === 0 ? null : problems.join('; ') };
}
