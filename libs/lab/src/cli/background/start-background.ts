import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, type FailureCode } from '@indoubt/failure';
import type { Cli } from '../cli.ts';

/** What a process in the background sends to the command that started it, until it is ready. */
export type BackgroundMessage<State> =
  | { kind: 'phase'; text: string }
  | { kind: 'ready'; state: State }
  | { kind: 'failed'; code: FailureCode | null; text: string };

interface BackgroundOptions<State, More> {
  /** Its main module, beside this file. */
  main: string;
  argument: string;
  /** What it runs, for the message when it ends early: "the lab". */
  runs: string;
  /** Name of its log in `.lab/logs`. */
  log: string;
  /** Gets each message, also those that only this process and its command know. */
  onMessage: (message: BackgroundMessage<State> | More) => void;
}

/**
 * Starts a process that outlives this command, and waits until it is ready.
 * @throws Failure as the process reported it, or 'interrupted'; then nothing is left of it
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
  // A session of its own: neither Ctrl-C nor the end of the terminal reaches it.
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
    throw new Failure('lab-failed', `${what}\nIts log: ${logFile}`, { cause: error });
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
    child.once('exit', () => reject(new Error('it ended')));
  });
}
