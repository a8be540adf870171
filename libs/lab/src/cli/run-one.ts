import { Failure } from '@indoubt/failure';
import type { Infrastructure } from '../infrastructure/provider.ts';
import type { RunResult } from '../run-result.ts';
import type { runScenario } from '../run-scenario.ts';
import type { Scenario } from '../scenario.ts';
import type { Cli } from './cli.ts';
import { explainError } from './exit-code.ts';
import type { Progress } from './progress.ts';
import type { RunReport } from './run-report.ts';

export interface OneRun {
  cli: Pick<Cli, 'root' | 'signal'>;
  scenario: Scenario;
  seed: number;
  infrastructure: Infrastructure;
  progress: Progress;
  report: RunReport;
  /** Milliseconds that the servers took to start. */
  serversMs: number;
  runScenario: typeof runScenario;
}

/**
 * One scenario, told as it happens. A lab that cannot do its work gives an unknown verdict with the
 * reason, so that the other scenarios of the command still have their turn.
 * @throws Failure 'interrupted' (definite) after Ctrl-C
 */
export async function runOne(run: OneRun): Promise<RunResult> {
  const { cli, scenario, seed, infrastructure, progress, report } = run;
  report.begin(scenario);
  const startedAt = performance.now();
  try {
    const outcome = await run.runScenario(scenario, {
      coordination: 'saga',
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
    const result = unknownResult({ scenario: scenario.name, seed, durationMs, error });
    report.noOutcome(result);
    return result;
  }
}

interface Unfinished {
  scenario: string;
  seed: number;
  durationMs: number;
  error: unknown;
}

/** The result of a run that did not come to one. */
export function unknownResult({ error, ...run }: Unfinished): RunResult {
  return {
    ...run,
    coordination: 'saga',
    verdict: 'unknown',
    invariants: [],
    expectations: [],
    orders: [],
    timeline: [],
    traceIds: [],
    traceUrls: [],
    runDir: '',
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
