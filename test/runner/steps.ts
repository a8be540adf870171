import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonTestResults } from 'vitest/node';
import { runScript } from './child.ts';
import { add, closingLine, NOTHING, type Tally, tallyOf } from './tally.ts';

interface Tool {
  title: string;
  /** The script in package.json. */
  script: string;
  /** The command that fixes the findings, if there is such a command. */
  fix?: string;
}

export interface VitestRun {
  title: string;
  script: string;
  /** true: shown while it runs; false: shown only when it fails. */
  live: boolean;
  /** Only test files whose path contains one of these names; all test files by default. */
  names?: readonly string[];
}

const TOOLS: readonly Tool[] = [
  { title: 'types', script: 'types' },
  { title: 'lint', script: 'lint' },
  { title: 'format', script: 'format', fix: 'npm run check -- --fix' },
  { title: 'dead code', script: 'dead-code' },
];

/** Types, lint, format and dead code at the same time: each counts as one test. */
export async function runTools(): Promise<Tally> {
  const tallies = await Promise.all(TOOLS.map(runTool));
  return tallies.reduce(add, NOTHING);
}

/**
 * Runs the formatter, which rewrites files. No other tool runs at the same time, since all read the
 * same files.
 */
export async function writeFormat(): Promise<void> {
  await runScript('format', ['--write'], true);
}

async function runTool({ title, script, fix }: Tool): Promise<Tally> {
  const startMs = performance.now();
  const { ok, output } = await runScript(script, [], false);
  printOutcome(
    title,
    ok,
    performance.now() - startMs,
    ok || fix === undefined ? '' : `fix: ${fix}`,
  );
  if (!ok) console.log(output.trimEnd());
  return ok ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

/** Runs one vitest project and counts its tests from its JSON report. */
export async function runVitest({ title, script, live, names = [] }: VitestRun): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'in-doubt-test-'));
  // In an exit handler, since Ctrl-C may end this process in the middle of a run.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const report = join(folder, 'result.json');
  const startMs = performance.now();
  const { ok, output } = await runScript(script, [...names, ...reporters(report, live)], live);
  const tally = tallyOf(await readResult(report), ok);
  if (tally.failed > 0 && !live) console.log(output.trimEnd());
  printOutcome(title, tally.failed === 0, performance.now() - startMs, closingLine(tally));
  return tally;
}

function reporters(report: string, live: boolean): string[] {
  const shown = live ? ['verbose', './test/runner/cost-reporter.ts'] : ['default'];
  return [...shown, 'json']
    .map((name) => `--reporter=${name}`)
    .concat(`--outputFile.json=${report}`);
}

async function readResult(report: string): Promise<JsonTestResults | undefined> {
  try {
    return JSON.parse(await readFile(report, 'utf8')) as JsonTestResults;
  } catch {
    return undefined; // vitest crashed before it wrote a report: the tally counts a failure
  }
}

function printOutcome(title: string, ok: boolean, durationMs: number, detail: string): void {
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  const line = `${title.padEnd(12)}${(ok ? 'ok' : 'FAILED').padEnd(8)}${seconds.padStart(7)}`;
  console.log(`${line}  ${detail}`.trimEnd());
}
