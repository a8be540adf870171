import type { ChaosRule } from '@indoubt/chaos';
import type { Coordination } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import { RUN_VERSION, type RunResult } from '../evidence/run-result.ts';
import type { Infrastructure } from '../infrastructure/provider.ts';
import type { TwoPhaseSettings } from '../runner/lab/lab-settings.ts';
import { repeatCommand } from '../runner/scenario/repeat-command.ts';
import type { runScenario } from '../runner/scenario/run-scenario.ts';
import type { TracesWanted } from '../runner/traces/export-traces.ts';
import type { Cli } from './cli.ts';
import { explainError } from './exit-code.ts';
import type { PlannedRun } from './plan-runs.ts';
import type { Progress } from './progress.ts';
import type { RunReport } from './run-report.ts';

export interface RunOneOptions {
  cli: Pick<Cli, 'root' | 'signal'>;
  /** Faults in addition to those of the scenario. */
  chaos: readonly ChaosRule[];
  traces: TracesWanted;
  planned: PlannedRun;
  twoPhase: Partial<TwoPhaseSettings>;
  seed: number;
  infrastructure: Infrastructure;
  progress: Progress;
  report: RunReport;
  /** Milliseconds that the servers took to start. */
  serversMs: number;
  runScenario: typeof runScenario;
}

/**
 * Runs one scenario and reports it while it runs. When the lab fails, the verdict is `unknown` with
 * the reason, so that the other scenarios of the command still run.
 * @throws Failure 'interrupted' (definite) after Ctrl-C
 */
export async function runOne(run: RunOneOptions): Promise<RunResult> {
  const { cli, planned, twoPhase, seed, infrastructure, progress, report } = run;
  const { scenario, coordination } = planned;
  report.begin(planned);
  const startedAt = performance.now();
  try {
    const outcome = await run.runScenario(scenario, {
      coordination,
      twoPhase,
      chaos: run.chaos,
      traces: run.traces,
      keep: false,
      seed,
      infrastructure,
      root: cli.root,
      signal: cli.signal,
      onLine: report.line,
      onPhase: (text) => progress.show(text),
    });
    report.outcome(outcome, run.serversMs);
    return outcome.result;
  } catch (error) {
    progress.clear();
    if (cli.signal.aborted) throw new Failure('interrupted', 'interrupted.', { cause: error });
    const durationMs = Math.round(performance.now() - startedAt);
    const { chaos } = run;
    const how = { coordination, ...twoPhase };
    const again = repeatCommand(scenario, { seed, chaos, how, infra: infrastructure.provider });
    const unfinished = { scenario: scenario.name, coordination, seed, durationMs, again, error };
    const result = unknownResult(unfinished);
    report.noOutcome(result);
    return result;
  }
}

interface Unfinished {
  scenario: string;
  coordination: Coordination;
  seed: number;
  durationMs: number;
  again: string;
  error: unknown;
}

/** The result of a run that ended before it had a result of its own. */
export function unknownResult({ error, ...run }: Unfinished): RunResult {
  return {
    version: RUN_VERSION,
    ...run,
    verdict: 'unknown',
    invariants: [],
    expectations: [],
    comparison: null,
    orders: [],
    timeline: [],
    traceIds: [],
    traceUrls: [],
    tracesProblem: 'the run did not begin',
    runDir: '',
    report: null,
    faults: [],
    endpoints: {
      services: [],
      databases: {},
      brokers: [],
      topicPrefix: '',
      jaegerUrl: null,
      secret: '',
    },
    problem: explainError(error),
  };
}
