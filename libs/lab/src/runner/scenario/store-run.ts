import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordLine } from '@indoubt/record';
import { type RunRows, writeRows } from '../../evidence/rows/run-rows.ts';
import type { RunResult } from '../../evidence/run-result.ts';
import { aboutScenario, type SaysOfItself, writeReport } from '../../views/report/write-report.ts';

/**
 * Stores a run in its folder beside the record: the rows, the page, and the result with the path of
 * the page.
 * @returns the stored result, and why page or rows could not be written, or null
 * @throws the error of the file system when the result cannot be written
 */
export async function storeRun(
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
  // Mode 0600, because the result contains the passwords of the databases.
  const text = `${JSON.stringify(result, null, 2)}\n`;
  await writeFile(join(dir, 'result.json'), text, { mode: 0o600 });
  const problems = [problem, noRows].filter((each) => each !== null);
  return { result, reportProblem: problems.length === 0 ? null : problems.join('; ') };
}
