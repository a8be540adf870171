import type { RecordLine } from '@indoubt/record';
import type { RunResult } from '../evidence/run-result.ts';
import type { RunOutcome } from '../runner/scenario/run-scenario.ts';
import { COLUMNS_MAX } from '../text/columns-max.ts';
import { readablePath } from '../text/readable-path.ts';
import { wrapText } from '../text/wrap-text.ts';
import { formatSentence } from '../views/narration/format-sentence.ts';
import { inOrder } from '../views/narration/in-order.ts';
import { createNarrator, type Narrator } from '../views/narration/narrator.ts';
import { renderChecks } from '../views/narration/render-checks.ts';
import { renderComparison } from '../views/narration/render-comparison.ts';
import { renderRows } from '../views/narration/render-rows.ts';
import { type Durations, renderVerdict } from '../views/narration/render-verdict.ts';
import type { Cli } from './cli.ts';
import type { PlannedRun } from './plan-runs.ts';
import type { Progress } from './progress.ts';

/** Prints a run for a person: the story while it runs, then rows, checks and verdict. */
export interface RunReport {
  begin(run: PlannedRun): void;
  line: (line: RecordLine) => void;
  outcome(outcome: Omit<RunOutcome, 'kept'>, serversMs: number): void;
  /** The run ended without rows or checks. */
  noOutcome(result: RunResult): void;
}

/**
 * Milliseconds for which lines are buffered to be sorted by time. The files of a record are read
 * less than this apart, and a person does not notice the delay.
 */
const REORDER_MS = 150;

export interface ReportOptions {
  json?: boolean;
  verbose?: boolean;
}

/** @param progress  its line is erased before each permanent line is written */
export function createRunReport(
  cli: Cli,
  options: ReportOptions,
  progress: Pick<Progress, 'clear'>,
): RunReport {
  // With --json, stdout has only the document.
  const to = options.json ? cli.err : cli.out;
  const { paint } = to;
  const write = (text: string): void => {
    progress.clear();
    to.write(text);
  };
  let narrator: Narrator = createNarrator();
  const verdict = (result: RunResult, durations: Durations | null, serversMs: number): string => {
    const runDir = readablePath(result.runDir);
    const report = readablePath(result.report ?? '');
    return renderVerdict({ result, runDir, report, durations, serversMs }, paint);
  };
  const lines = inOrder((line: RecordLine) => {
    const sentence = narrator.narrate(line);
    if (sentence === null || (sentence.isDetail && !options.verbose)) return;
    write(`${formatSentence(sentence, paint)}\n`);
  }, REORDER_MS);
  return {
    begin({ scenario: { name, fault, teaches }, coordination }) {
      narrator = createNarrator();
      const about = wrapText(`${fault} → ${teaches}`, COLUMNS_MAX - 2).map((text) => `  ${text}\n`);
      const head = `${paint.bold(paint.cyan(name))}  (${coordination})`;
      write(`\n${head}\n${about.join('')}\n`);
    },
    line: lines.push,
    outcome({ result, before, after, durations, reportProblem }, serversMs) {
      lines.flush(); // the story comes first, because it labels the orders
      const { label } = narrator;
      const blocks = [
        renderRows({ before, after, label }, paint),
        renderComparison(result.comparison, paint),
        renderChecks(result, paint),
        verdict(result, durations, serversMs),
      ];
      write(`\n${blocks.filter((block) => block !== '').join('\n\n')}\n`);
      if (reportProblem !== null) cli.err.write(`scenario: ${reportProblem}\n`);
    },
    noOutcome(result) {
      lines.flush();
      write(`\n${verdict(result, null, 0)}\n`);
    },
  };
}
