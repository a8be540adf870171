import type { Coordination } from '@indoubt/contracts';
import type { RecordLine } from '@indoubt/record';
import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import type { ChaosSettings } from '../../runner/chaos/chaos-settings.ts';
import type { TwoPhaseSettings } from '../../runner/lab/lab-settings.ts';
import type { RunOutcome } from '../../runner/scenario/run-scenario.ts';
import type { Cli } from '../cli.ts';
import { type BackgroundMessage, startBackground } from './background-process.ts';
import type { UpState } from './up-file.ts';

/** What the keeper is asked to bring up: an idle lab, or the lab of a scenario's run. */
export interface KeeperJob {
  root: string;
  infra: WantedProvider;
  coordination: Coordination;
  chaos: ChaosSettings;
  run: { scenario: string; seed: number; twoPhase: Partial<TwoPhaseSettings> } | null;
}

/** What the keeper tells the command that started it, until it is ready and on its own. */
export type KeeperMessage =
  | BackgroundMessage<UpState>
  | { kind: 'line'; line: RecordLine }
  | { kind: 'span'; text: string }
  | { kind: 'outcome'; outcome: Omit<RunOutcome, 'kept'>; serversMs: number };

/**
 * Starts the keeper, a process of its own that outlives this command, and waits until it is ready.
 * @param hear  told of everything that it does meanwhile
 * @throws Failure as the keeper had it, or 'interrupted'; then nothing is left of it
 */
export function startKeeperProcess(
  cli: Pick<Cli, 'root' | 'signal'>,
  job: KeeperJob,
  hear: (message: KeeperMessage) => void,
): Promise<UpState> {
  const argument = JSON.stringify(job);
  const files = { main: 'keeper-main.ts', log: 'keeper.log' };
  return startBackground<UpState, KeeperMessage>(cli, {
    ...files,
    argument,
    holds: 'the lab',
    hear,
  });
}
