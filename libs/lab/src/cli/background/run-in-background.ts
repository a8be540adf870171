import { Failure } from '@indoubt/failure';
import { explainError } from '../exit-code.ts';
import type { BackgroundMessage } from './start-background.ts';

/** As far as a process in the background needs its pid file. */
interface OwnPidFile<State> {
  claim(): Promise<void>;
  write(state: State): Promise<void>;
  remove(): Promise<void>;
}

/** What the work of a process in the background gets. */
export interface Background<State, More> {
  /** Aborted by SIGTERM, or when the command that started this process died before it was ready. */
  signal: AbortSignal;
  /** Settles when the message is out; that the command has ended already is no error. */
  send(message: BackgroundMessage<State> | More): Promise<void>;
  /** Writes the state and says that it is ready. Settles after SIGTERM, or when `exited` does. */
  untilStopped(state: State, exited?: Promise<void>): Promise<void>;
}

/**
 * The process that `startBackground` starts: claims its pid file, does its work until SIGTERM, and
 * ends. An error before it is ready goes to the command that started it.
 */
export async function runInBackground<State, More = never>(
  pidFile: OwnPidFile<State>,
  work: (background: Background<State, More>) => Promise<void>,
): Promise<never> {
  const stop = new AbortController();
  const { signal } = stop;
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  process.once('SIGHUP', () => undefined); // this process outlives its terminal
  let isReady = false;
  process.once('disconnect', () => isReady || stop.abort());

  async function untilStopped(state: State, exited?: Promise<void>): Promise<void> {
    await pidFile.write(state);
    const stopped = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve()),
    );
    signal.throwIfAborted();
    isReady = true;
    await send({ kind: 'ready', state });
    // Neither an abort listener nor the servers need keep this process alive.
    const alive = setInterval(() => undefined, 60_000);
    await Promise.race(exited === undefined ? [stopped] : [stopped, exited]);
    clearInterval(alive);
  }

  try {
    await pidFile.claim();
    try {
      await work({ signal, send, untilStopped });
    } finally {
      await pidFile.remove();
    }
  } catch (error) {
    const code = error instanceof Failure ? error.code : null;
    console.error(explainError(error));
    if (!isReady) await send({ kind: 'failed', code, text: explainError(error) });
    process.exitCode = 2;
  }
  // Node would not exit by itself: all is closed that is ours, but a library may still wait.
  process.exit();
}

function send(message: unknown): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
