import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, type FailureCode } from '@indoubt/failure';
import type { Cli } from '../cli.ts';

/** Messages of a background process to the command that started it, until it is ready. */
export type BackgroundMessage<State> =
  | { kind: 'phase'; text: string }
  | { kind: 'ready'; state: State }
  | { kind: 'failed'; code: FailureCode | null; text: string };

interface BackgroundOptions<State, More> {
  /** Main module of the process, beside this file. */
  main: string;
  argument: string;
  /** The name of the work of this process, such as "the lab", for the error about its early end. */
  runs: string;
  /** Name of its log in `.lab/logs`. */
  log: string;
  /** Gets each message, including messages that are specific to this kind of process. */
  onMessage: (message: BackgroundMessage<State> | More) => void;
}

/**
 * Starts a process that outlives this command, and waits until the process is ready.
 * @throws Failure as the process reported it, or 'interrupted'; then the process has ended
 */
export async function startBackground<State, More = never>(
  { root, signal }: Pick<Cli, 'root' | 'signal'>,
  { main, argument, runs, log: name, onMessage }: BackgroundOptions<State, More>,
): Promise<State> {
  signal.throwIfAborted();
  const logFile = join(root, '.lab', 'logs', name);
  mkdirSync(join(root, '.lab', 'logs'), { recursive: true });
  const log = openSync(logFile, 'w');
  const stdio = ['ignore', log, log, 'ipc'] as const;
  // In its own session the process gets neither Ctrl-C nor the hang-up of the terminal.
  const module = join(import.meta.dirname, main);
  const child = fork(module, [argument], { detached: true, stdio: [...stdio] });
  closeSync(log);
  const exited = once(child, 'exit');
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const state = await ready(child, onMessage);
    child.disconnect();
    child.unref();
    return state;
  } catch (error) {
    await exited; // the process cleans up before it ends
    if (signal.aborted) throw new Failure('interrupted', 'interrupted.', { cause: error });
    if (error instanceof Failure) throw error;
    const what = `the process that runs ${runs} ended before ${runs} was ready.`;
    throw new Failure('lab-failed', `${what}\nNext: read its log: ${logFile}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function ready<State>(
  child: ChildProcess,
  onMessage: (message: BackgroundMessage<State>) => void,
): Promise<State> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: BackgroundMessage<State>) => {
      onMessage(message);
      if (message.kind === 'ready') resolve(message.state);
      if (message.kind !== 'failed') return;
      const { code, text } = message;
      reject(code === null ? new Error(text) : new Failure(code, text));
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the background process ended')));
  });
}
