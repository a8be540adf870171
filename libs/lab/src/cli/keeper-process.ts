import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Coordination } from '@indoubt/contracts';
import { Failure, type FailureCode } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import type { ChaosSettings } from '../chaos/chaos-settings.ts';
import type { WantedProvider } from '../infrastructure/choose-provider.ts';
import type { RunOutcome } from '../run-scenario.ts';
import type { TwoPhaseSettings } from '../scenario.ts';
import type { Cli } from './cli.ts';
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
  | { kind: 'phase'; text: string }
  | { kind: 'line'; line: RecordLine }
  | { kind: 'outcome'; outcome: Omit<RunOutcome, 'kept'>; serversMs: number }
  | { kind: 'ready'; state: UpState }
  | { kind: 'failed'; code: FailureCode | null; text: string };

const MAIN = join(import.meta.dirname, 'keeper-main.ts');

/**
 * Starts the keeper, a process of its own that outlives this command, and waits until it is ready.
 * @param hear  told of everything that it does meanwhile
 * @throws Failure as the keeper had it, or 'interrupted'; then nothing is left of it
 */
export async function startKeeperProcess(
  { root, signal }: Pick<Cli, 'root' | 'signal'>,
  job: KeeperJob,
  hear: (message: KeeperMessage) => void,
): Promise<UpState> {
  signal.throwIfAborted();
  const logFile = join(root, '.lab', 'logs', 'keeper.log');
  mkdirSync(join(root, '.lab', 'logs'), { recursive: true });
  const log = openSync(logFile, 'w');
  const stdio = ['ignore', log, log, 'ipc'] as const;
  // A session of its own: neither Ctrl-C nor the end of the terminal reaches it.
  const child = fork(MAIN, [JSON.stringify(job)], { detached: true, stdio: [...stdio] });
  closeSync(log);
  const gone = once(child, 'exit');
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const state = await ready(child, hear);
    child.disconnect();
    child.unref();
    return state;
  } catch (error) {
    await gone; // it cleans up before it leaves
    if (signal.aborted) throw new Failure('interrupted', 'interrupted.', { cause: error });
    if (error instanceof Failure) throw error;
    const what = `the process that holds the lab ended before the lab was ready.`;
    throw new Failure('lab-failed', `${what}\nIts log: ${logFile}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function ready(child: ChildProcess, hear: (message: KeeperMessage) => void): Promise<UpState> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: KeeperMessage) => {
      hear(message);
      if (message.kind === 'ready') resolve(message.state);
      if (message.kind === 'failed') {
        reject(
          message.code === null ? new Error(message.text) : new Failure(message.code, message.text),
        );
      }
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the keeper ended')));
  });
}
