import { chaosOf } from '@indoubt/chaos';
import type { RunResult } from '../evidence/run-result.ts';
import type { WantedProvider } from '../infrastructure/choose-provider.ts';
import { NO_CHAOS } from '../runner/chaos/chaos-settings.ts';
import type { PlaceOptions } from '../runner/client/scenario-client.ts';
import { repeatCommand } from '../runner/scenario/repeat-command.ts';
import {
  type BackgroundLabMessage,
  startBackgroundLab,
} from './background/start-background-lab.ts';
import type { Cli } from './cli.ts';
import type { PlannedRun } from './plan-runs.ts';
import type { Progress } from './progress.ts';
import { unknownResult } from './run-one.ts';
import type { RunReport } from './run-report.ts';

interface BackgroundRun {
  infra: WantedProvider;
  seed: number;
  how: PlaceOptions;
  json?: boolean;
  report: RunReport;
  progress: Progress;
}

/**
 * Runs a scenario in a lab that stays up after this command, whatever the verdict is, so that a
 * person can examine the lab. The background process sends each line of the record.
 * @throws Failure when the scenario could not be run; then no process is left
 */
export async function runInBackgroundLab(
  cli: Cli,
  planned: PlannedRun,
  { infra, seed, how, json, report, progress }: BackgroundRun,
): Promise<RunResult> {
  const startedAt = performance.now();
  let result: RunResult | undefined;
  const onMessage = (message: BackgroundLabMessage): void => {
    if (message.kind === 'phase') return progress.show(message.text);
    if (message.kind === 'line') report.line(message.line);
    if (message.kind === 'span') progress.say(message.text);
    if (message.kind !== 'outcome') return;
    result = message.outcome.result;
    report.outcome(message.outcome, message.serversMs);
  };
  report.begin(planned);
  const { coordination } = planned;
  const scenario = planned.scenario.name;
  const { coordination: _, ...twoPhase } = how;
  const chaos = { ...NO_CHAOS, rules: chaosOf(cli.env), seed };
  const job = { root: cli.root, infra, coordination, chaos, run: { scenario, seed, twoPhase } };
  try {
    await startBackgroundLab(cli, job, onMessage);
  } catch (error) {
    progress.clear();
    if (cli.signal.aborted || result !== undefined) throw error;
    const durationMs = Math.round(performance.now() - startedAt);
    const options = { seed, chaos: chaos.rules, how: { ...twoPhase, coordination }, infra };
    const again = repeatCommand(planned.scenario, options);
    const failed = unknownResult({ scenario, coordination, seed, durationMs, again, error });
    report.noOutcome(failed);
    return failed;
  }
  if (result === undefined)
    throw new Error('the lab in the background was ready before its run had an outcome');
  const next = "The lab stays up. 'scenario status' shows it, and 'scenario down' stops it.\n";
  (json ? cli.err : cli.out).write(`\n${next}`);
  return result;
}
