import { chaosOf } from '@indoubt/chaos';
import type { RunResult } from '../evidence/run-result.ts';
import type { WantedProvider } from '../infrastructure/choose-provider.ts';
import { NO_CHAOS } from '../runner/chaos/chaos-settings.ts';
import type { PlaceOptions } from '../runner/client/scenario-client.ts';
import { repeatCommand } from '../runner/scenario/repeat-command.ts';
import { type KeeperMessage, startKeeperProcess } from './background/keeper-process.ts';
import type { Cli } from './cli.ts';
import type { Progress } from './progress.ts';
import { unknownResult } from './run-one.ts';
import type { RunReport } from './run-report.ts';
import type { PlannedRun } from './way-of-run.ts';

interface KeptRun {
  infra: WantedProvider;
  seed: number;
  way: PlaceOptions;
  json?: boolean;
  report: RunReport;
  progress: Progress;
}

/**
 * Runs a scenario in a lab that stays up behind this command, whatever the verdict: it is kept in
 * order to be looked at. It is told here as it happens there.
 * @throws Failure when it could not be run; then nothing stays up
 */
export async function runKept(
  cli: Cli,
  planned: PlannedRun,
  { infra, seed, way, json, report, progress }: KeptRun,
): Promise<RunResult> {
  const startedAt = performance.now();
  let result: RunResult | undefined;
  const hear = (message: KeeperMessage): void => {
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
  const { coordination: _, ...twoPhase } = way;
  const chaos = { ...NO_CHAOS, rules: chaosOf(cli.env), seed };
  const job = { root: cli.root, infra, coordination, chaos, run: { scenario, seed, twoPhase } };
  try {
    await startKeeperProcess(cli, job, hear);
  } catch (error) {
    progress.clear();
    if (cli.signal.aborted || result !== undefined) throw error;
    const durationMs = Math.round(performance.now() - startedAt);
    const said = { seed, chaos: chaos.rules, way: { ...twoPhase, coordination }, infra };
    const again = repeatCommand(planned.scenario, said);
    const failed = unknownResult({ scenario, coordination, seed, durationMs, again, error });
    report.noOutcome(failed);
    return failed;
  }
  if (result === undefined) throw new Error('the keeper was ready before its run had an outcome');
  const kept = "The lab is kept: 'scenario status' shows it, 'scenario down' ends it.\n";
  (json ? cli.err : cli.out).write(`\n${kept}`);
  return result;
}
