import { Failure } from '@indoubt/failure';
import { explainError } from '../exit-code.ts';
import type { BackgroundMessage } from './background-process.ts';

/** Where the state of what is held stands: a HeldPlace. */
interface Place<State> {
  claim(): Promise<void>;
  write(state: State): Promise<void>;
  remove(): Promise<void>;
}

/** What `hold` works with. */
export interface Holding<State, More> {
  /** Aborted when this process is told to end, or when nobody is there to hold anything for. */
  signal: AbortSignal;
  /** Settles when the message is out; a command that has left hears nothing: no error. */
  tell(message: BackgroundMessage<State> | More): Promise<void>;
  /** Says that it is ready. Settles when it is told to end, or when `exited` does. */
  untilAsked(state: State, exited?: Promise<void>): Promise<void>;
}

/**
 * What a process does that `startBackground` started: claims its place, holds something until
 * SIGTERM, and ends. Why it could not is told to the command while that still listens.
 */
export async function holdInBackground<State, More = never>(
  place: Place<State>,
  hold: (holding: Holding<State, More>) => Promise<void>,
): Promise<never> {
  const stop = new AbortController();
  const { signal } = stop;
  process.once('SIGTERM', () => stop.abort());
  process.once('SIGINT', () => stop.abort());
  process.once('SIGHUP', () => undefined); // the terminal closed: it was meant to outlive that
  // The command that asked for it died before there was anything to hold.
  let isReady = false;
  process.once('disconnect', () => isReady || stop.abort());

  async function untilAsked(state: State, exited?: Promise<void>): Promise<void> {
    await place.write(state);
    const asked = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    signal.throwIfAborted();
    isReady = true;
    await tell({ kind: 'ready', state });
    // An abort listener keeps no process alive, and what is held may not do so either.
    const alive = setInterval(() => undefined, 60_000);
    await Promise.race(exited === undefined ? [asked] : [asked, exited]);
    clearInterval(alive);
  }

  try {
    await place.claim();
    try {
      await hold({ signal, tell, untilAsked });
    } finally {
      await place.remove();
    }
  } catch (error) {
    const code = error instanceof Failure ? error.code : null;
    console.error(explainError(error));
    if (!isReady) await tell({ kind: 'failed', code, text: explainError(error) });
    process.exitCode = 2;
  }
  // Not of itself: all is closed that is ours, but not what a library may still wait for.
  process.exit();
}

function tell(message: unknown): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
