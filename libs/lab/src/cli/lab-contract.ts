import type { RecordLine } from '@indoubt/record';
import type { Infrastructure } from '../infrastructure/provider.ts';
import type { Durations } from '../narration/render-verdict.ts';
import type { Endpoints, RunResult } from '../run-result.ts';
import type { Scenario } from '../scenario.ts';
import type { Snapshot } from '../snapshot.ts';

export interface RunOptions {
  coordination: 'saga';
  seed: number;
  /** Leave the lab running; the outcome's `kept` then stops it. */
  keep: boolean;
  infrastructure: Infrastructure;
  root: string;
  signal: AbortSignal;
  onLine(line: RecordLine): void;
  onPhase(text: string): void;
}

export interface RunOutcome {
  result: RunResult;
  before: Snapshot;
  after: Snapshot;
  durations?: Durations;
  kept?: KeptLab | null;
}

/** A lab that stays up after the command has ended. */
export interface KeptLab {
  endpoints: Endpoints;
  logsDir: string;
  runDir: string;
  /** Stops its processes and removes its databases; the servers stay. */
  stop(): Promise<void>;
}

/** @throws Failure 'interrupted' when the signal was aborted; all is stopped by then */
export type RunScenario = (scenario: Scenario, options: RunOptions) => Promise<RunOutcome>;

export type StartKeeper = (
  options: Pick<RunOptions, 'infrastructure' | 'root' | 'signal' | 'onPhase'>,
) => Promise<KeptLab>;
