import type { Coordination } from '@indoubt/contracts';
import type { RecordLine } from '@indoubt/record';
import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import type { ChaosSettings } from '../../runner/chaos/chaos-settings.ts';
import type { TwoPhaseSettings } from '../../runner/lab/lab-settings.ts';
import type { RunOutcome } from '../../runner/scenario/run-scenario.ts';
import type { Cli } from '../cli.ts';
import { type BackgroundMessage, startBackground } from './start-background.ts';
import type { UpState } from './up-file.ts';

/** The job of the background process: an idle lab, or a lab that runs a scenario first. */
export interface BackgroundLabJob {
  root: string;
  infra: WantedProvider;
  coordination: Coordination;
  chaos: ChaosSettings;
  run: { scenario: string; seed: number; twoPhase: Partial<TwoPhaseSettings> } | null;
}

/** Messages of that process to the command that started it, until it is ready. */
export type BackgroundLabMessage =
  | BackgroundMessage<UpState>
  | { kind: 'line'; line: RecordLine }
  | { kind: 'span'; text: string }
  | { kind: 'outcome'; outcome: Omit<RunOutcome, 'kept'>; serversMs: number };

/**
 * Starts a lab in a process that outlives this command, and waits until the lab is ready.
 * @param onMessage  gets each message of that process during the wait
 * @throws Failure as that process reported it, or 'interrupted'; then that process has ended
 */
export function startBackgroundLab(
  cli: Pick<Cli, 'root' | 'signal'>,
  job: BackgroundLabJob,
  onMessage: (message: BackgroundLabMessage) => void,
): Promise<UpState> {
  const argument = JSON.stringify(job);
  const files = { main: 'background-lab-main.ts', log: 'background-lab.log' };
  return startBackground<UpState, BackgroundLabMessage>(cli, {
    ...files,
    argument,
    runs: 'the lab',
    onMessage,
  });
}
