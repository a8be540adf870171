import { randomInt } from 'node:crypto';
import { type ChaosRule, chaosOf } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import type { RunResult } from '../../evidence/run-result.ts';
import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import type { PlaceOptions } from '../../runner/client/scenario-client.ts';
import { repeatCommand } from '../../runner/scenario/repeat-command.ts';
import { isNaive, loadScenario, scenarioNames } from '../../runner/scenario/scenario-catalogue.ts';
import type { TracesWanted } from '../../runner/traces/export-traces.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { renderSummary } from '../../views/narration/render-summary.ts';
import { takeServers } from '../background/servers.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT, explainError, worstVerdict } from '../exit-code.ts';
import { type PlannedRun, planRuns } from '../plan-runs.ts';
import { createProgress, type Progress } from '../progress.ts';
import { runInBackgroundLab } from '../run-in-background-lab.ts';
import { runOne, unknownResult } from '../run-one.ts';
import { createRunReport, type RunReport } from '../run-report.ts';
import { tracesExporter } from '../traces-exporter.ts';
import { jaegerFor } from './jaeger-command.ts';

export interface RunCommandOptions {
  all?: boolean;
  /** The given options. Each scenario has its own defaults for the others. */
  how: PlaceOptions;
  infra: WantedProvider;
  seed?: number;
  keep?: boolean;
  /** Whether Jaeger is started first if none is running. */
  jaeger?: boolean;
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
  const chaos = chaosOf(cli.env); // throws before anything starts
  const exporter = tracesExporter(cli.env); // also throws before anything starts
  const planned = await chosen(cli, names, options);
  const seed = options.seed ?? randomInt(SEEDS);
  if (options.jaeger) await jaegerFor(cli, options.infra);
  const progress = createProgress(cli.err);
  const report = createRunReport(cli, options, progress);
  const traces = { exporter, print: progress.say };
  const play = { ...options, seed, chaos, traces, report, progress };
  const runs = await playAll(cli, planned, play);
  const verdict = worstVerdict(runs.map((run) => run.verdict));
  if (options.json) writeJson(cli, names.length === 1 ? runs[0] : { verdict, runs });
  else if (runs.length > 1) cli.out.write(`\n${renderSummary(runs, cli.out.paint)}\n`);
  return EXIT[verdict];
}

async function chosen(
  { root, err }: Cli,
  names: string[],
  { all = false, keep, how: { coordination } }: RunCommandOptions,
): Promise<PlannedRun[]> {
  const wrong = (what: string): Failure => new Failure('invalid-request', what);
  const next = "Next: name one ('scenario list' shows them), or use --all.";
  if (all && names.length > 0)
    throw wrong('--all cannot be combined with scenario names.\nNext: use one of the two.');
  if (!all && names.length === 0) throw wrong(`no scenario is named.\n${next}`);
  if (keep && (all || names.length > 1))
    throw wrong('--keep leaves only one lab up.\nNext: name exactly one scenario.');
  const wanted = all ? await meantToHold(root, err) : [...new Set(names)];
  // All scenarios are loaded before anything starts, so that a misspelt name is found before the
  // first run.
  const scenarios = await Promise.all(wanted.map((name) => loadScenario(root, name)));
  const { runs, leftOut } = planRuns(scenarios, coordination, all);
  if (leftOut.length > 0) {
    const what = `left out, because they do not support ${coordination}: ${leftOut.join(', ')}`;
    err.write(`${wrapText(what, err.columns).join('\n')}\n`);
  }
  return runs;
}

/** All scenarios except those that are meant to break an invariant. */
async function meantToHold(root: string, err: Cli['err']): Promise<string[]> {
  const names = await scenarioNames(root);
  const naive = names.filter(isNaive);
  if (naive.length > 0) {
    const what = `left out, because they are meant to break an invariant: ${naive.join(', ')}`;
    err.write(`${wrapText(what, err.columns).join('\n')}\n`);
  }
  return names.filter((name) => !isNaive(name));
}

type Play = RunCommandOptions & {
  seed: number;
  chaos: readonly ChaosRule[];
  traces: TracesWanted;
  report: RunReport;
  progress: Progress;
};

async function playAll(cli: Cli, planned: PlannedRun[], options: Play): Promise<RunResult[]> {
  try {
    const [first] = planned;
    if (options.keep && first) return [await runInBackgroundLab(cli, first, options)];
    return await runAll(cli, planned, options);
  } catch (error) {
    if (!options.json || cli.signal.aborted) throw error;
    // With --json the document reports that the servers could not start, and why.
    cli.err.write(`scenario: ${explainError(error)}\n`);
    const { seed, chaos, infra } = options;
    return planned.map(({ scenario, coordination }) => {
      const how = { ...options.how, coordination };
      const again = repeatCommand(scenario, { seed, chaos, how, infra });
      return unknownResult({
        scenario: scenario.name,
        coordination,
        seed,
        durationMs: 0,
        again,
        error,
      });
    });
  }
}

async function runAll(cli: Cli, planned: PlannedRun[], options: Play): Promise<RunResult[]> {
  const { progress } = options;
  const startedAt = performance.now();
  // Loading the code takes a third of a second, so it happens while the servers start.
  const loading = import('../../runner/scenario/run-scenario.ts');
  loading.catch(() => undefined); // reported below, where the servers can be stopped
  const servers = await takeServers(cli, options.infra, progress);
  let serversMs = performance.now() - startedAt;
  const { infrastructure } = servers;
  try {
    const { runScenario } = await loading;
    const { seed, report, chaos, traces } = options;
    const { coordination: _, ...twoPhase } = options.how;
    const run = { cli, twoPhase, chaos, traces, seed, infrastructure };
    const common = { ...run, progress, report, runScenario };
    const runs: RunResult[] = [];
    for (const each of planned) {
      runs.push(await runOne({ ...common, planned: each, serversMs }));
      serversMs = 0; // counted in the first run only
    }
    return runs;
  } finally {
    if (!servers.isShared) progress.show('stopping the servers');
    await infrastructure.stop();
    progress.clear();
  }
}
