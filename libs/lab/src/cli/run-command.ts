import { randomInt } from 'node:crypto';
import { Failure } from '@indoubt/failure';
import type { WantedProvider } from '../infrastructure/choose-provider.ts';
import { renderSummary } from '../narration/render-summary.ts';
import type { RunResult } from '../run-result.ts';
import type { Scenario } from '../scenario.ts';
import { loadScenario, scenarioNames } from '../scenario-catalogue.ts';
import { type Cli, writeJson } from './cli.ts';
import { EXIT, explainError, worstVerdict } from './exit-code.ts';
import { createProgress, type Progress } from './progress.ts';
import { runKept } from './run-kept.ts';
import { runOne, unknownResult } from './run-one.ts';
import { createRunReport, type RunReport } from './run-report.ts';
import { takeServers } from './servers.ts';

export interface RunCommandOptions {
  all?: boolean;
  coordination: 'saga' | '2pc';
  infra: WantedProvider;
  seed?: number;
  keep?: boolean;
  json?: boolean;
  verbose?: boolean;
}

const SEEDS = 1_000_000;

/**
 * Runs scenarios one after the other on the same servers.
 * @returns the exit code of the worst verdict
 * @throws Failure when nothing could be run at all
 */
export async function runCommand(
  cli: Cli,
  names: string[],
  options: RunCommandOptions,
): Promise<number> {
  if (options.coordination === '2pc') {
    const next = 'Next: run it with --coordination saga, the default.';
    throw new Failure('invalid-config', `two-phase commit is not in the lab yet.\n${next}`);
  }
  const scenarios = await chosen(cli, names, options);
  const seed = options.seed ?? randomInt(SEEDS);
  const progress = createProgress(cli.err);
  const report = createRunReport(cli, { ...options, seed }, progress);
  const runs = await playAll(cli, scenarios, { ...options, seed, report, progress });
  const verdict = worstVerdict(runs.map((run) => run.verdict));
  if (options.json) writeJson(cli, names.length === 1 ? runs[0] : { verdict, runs });
  else if (runs.length > 1) cli.out.write(`\n${renderSummary(runs, cli.out.paint)}\n`);
  return EXIT[verdict];
}

async function chosen(
  { root }: Cli,
  names: string[],
  { all, keep }: RunCommandOptions,
): Promise<Scenario[]> {
  const wrong = (what: string): Failure => new Failure('invalid-request', what);
  const next = "'scenario list' shows them, --all runs every one.";
  if (all && names.length > 0) throw wrong('name scenarios or say --all, not both.');
  if (!all && names.length === 0) throw wrong(`which scenario? ${next}`);
  if (keep && (all || names.length > 1)) throw wrong('--keep keeps one lab: name one scenario.');
  const wanted = all ? await scenarioNames(root) : [...new Set(names)];
  // All of them before anything starts: a slip in the third name must not cost two runs.
  return Promise.all(wanted.map((name) => loadScenario(root, name)));
}

type Play = RunCommandOptions & { seed: number; report: RunReport; progress: Progress };

async function playAll(cli: Cli, scenarios: Scenario[], options: Play): Promise<RunResult[]> {
  try {
    const [first] = scenarios;
    if (options.keep && first) return [await runKept(cli, first, options)];
    return await runAll(cli, scenarios, options);
  } catch (error) {
    if (!options.json || cli.signal.aborted) throw error;
    // Whoever reads the document learns from it that there were no servers, and why.
    cli.err.write(`scenario: ${explainError(error)}\n`);
    const { seed } = options;
    return scenarios.map(({ name }) =>
      unknownResult({ scenario: name, seed, durationMs: 0, error }),
    );
  }
}

async function runAll(cli: Cli, scenarios: Scenario[], options: Play): Promise<RunResult[]> {
  const { progress } = options;
  const startedAt = performance.now();
  // Reading the code takes a third of a second: do it while the servers start.
  const loading = import('../run-scenario.ts');
  loading.catch(() => undefined); // said below, when the servers can be stopped
  const servers = await takeServers(cli, options.infra, progress);
  let serversMs = performance.now() - startedAt;
  const { infrastructure } = servers;
  try {
    const { runScenario } = await loading;
    const runs: RunResult[] = [];
    for (const scenario of scenarios) {
      const { seed, report } = options;
      const run = { cli, scenario, seed, infrastructure, progress, report, serversMs, runScenario };
      runs.push(await runOne(run));
      serversMs = 0; // the first run paid for them
    }
    return runs;
  } finally {
    if (!servers.isShared) progress.show('stopping the servers');
    await infrastructure.stop();
    progress.clear();
  }
}
