import { Failure } from '@indoubt/failure';
import { explainError } from '../exit-code.ts';
import type { BackgroundMessage } from './start-background.ts';

/** The part of a pid file that its owner uses. */
interface OwnPidFile<State> {
  claim(): Promise<void>;
  write(state: State): Promise<void>;
  remove(): Promise<void>;
}

/** What a background process gives to its work. */
export interface Background<State, More> {
  /** Aborted by SIGTERM, or when the command that started this process died before it was ready. */
  signal: AbortSignal;
  /** Settles when the message is sent, or at once when the command has already ended. */
  send(message: BackgroundMessage<State> | More): Promise<void>;
  /** Writes the state and reports `ready`. Settles after SIGTERM, or when `exited` settles. */
  untilStopped(state: State, exited?: Promise<void>): Promise<void>;
}

/**
 * The main function of a process that `startBackground` starts. It claims the pid file, works until
 * SIGTERM, and ends. An error before it is ready is sent to the command that started it.
 */
export async function runInBackground<State, More = never>(
  pidFile: OwnPidFile<State>,
  work: (background: Background<State, More>) => Promise<void>,
): Promise<never> {
  const stop = new AbortController();
  const { signal } = stop;
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  process.once('SIGHUP', () => undefined); // this process survives the end of its terminal
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
    // The abort listener and the servers may not keep Node alive, so a timer does.
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
  // Node might not exit by itself, because a library may still have an open socket or timer.
  process.exit();
}

function send(message: unknown): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
