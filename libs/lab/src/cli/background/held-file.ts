import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { removeStale } from '../../infrastructure/files/symlink-lock.ts';
import { processStart } from '../../infrastructure/process/process-start.ts';

/** While it is being started, only who does that is known. */
export type Held<State> = ({ ready: true } & State) | { ready: false; pid: number };

export interface HeldFile<State extends { pid: number }> {
  /** @returns what is held, or being started; null when nothing is, or who held it has died */
  read(): Promise<Held<State> | null>;
  /**
   * Claims the place for this process.
   * @throws Failure 'lab-failed' (definite) when another process has it
   */
  claim(): Promise<void>;
  /** Says what is held, all at once: a reader sees the old file or the new one, never half. */
  write(state: State): Promise<void>;
  /** Gives it up, if it is this process's; what is written after that is not kept. */
  remove(): Promise<void>;
  /**
   * Ends whoever holds it, by SIGTERM, and waits until that is gone; after so many milliseconds by
   * SIGKILL: its guards then end what it held.
   */
  end(withinMs: number): Promise<Ended>;
}

/** Killed: it had to be, and whether its guards have ended all that it held is not known. */
export type Ended = 'nothing was there' | 'ended' | 'killed';

export interface HeldPlace<State> {
  file: string;
  /** In the holder's command line, and in nobody else's: the name of its main module. */
  main: string;
  /** Why a second one is refused, and what to do. */
  taken: string;
  /** The processes that it holds: gone when it is. */
  pids: (state: State) => number[];
  /** What is written and removed with it. */
  beside?: { write: (state: State) => Promise<void>; remove: () => Promise<void> };
}

const OWNER_ONLY = 0o600;
const LOOK_EVERY_MS = 20;
/** A guard gives a group a second until it kills it. */
const GUARDS_WITHIN_MS = 5_000;

/**
 * A file that says what a process in the background holds, for as long as that process lives. There
 * is one such place in a checkout for each kind of thing. Mode 0600: it may have passwords in it.
 */
export function heldFile<State extends { pid: number }>(place: HeldPlace<State>): HeldFile<State> {
  const { file, main, taken, pids, beside } = place;
  // A number is not enough: after a restart of the machine it may belong to anybody.
  const isHolder = (pid: number): boolean => isAlive(pid) && commandLine(pid).includes(main);
  const read = async (): Promise<Held<State> | null> => {
    const held = (await contentOf(file)) as Held<State> | null | undefined;
    return held && isHolder(held.pid) ? held : null;
  };
  const isLeftBehind = async (): Promise<boolean> => {
    const held = await contentOf(file);
    return held === null || (held !== undefined && !isHolder(held.pid));
  };
  const inOrder = oneAtATime();
  let isGivenUp = false;
  return {
    read,
    claim: () =>
      inOrder(async () => {
        await mkdir(dirname(file), { recursive: true });
        while (!(await isCreated(file, { ready: false, pid: process.pid }))) {
          if ((await read()) !== null) throw new Failure('lab-failed', taken);
          await removeStale(file, isLeftBehind);
        }
      }),
    write: (state) =>
      inOrder(async () => {
        if (isGivenUp) return;
        await beside?.write(state);
        await rename(await draftOf(file, { ready: true, ...state }), file);
      }),
    remove: () =>
      inOrder(async () => {
        isGivenUp = true;
        if ((await contentOf(file))?.pid !== process.pid) return;
        await beside?.remove();
        await rm(file, { force: true });
      }),
    async end(withinMs) {
      const held = await read();
      const isKilled =
        held !== null && (await isKilledAfter(() => isHolder(held.pid), held.pid, withinMs));
      const isClean = !isKilled || (held.ready && (await areGone(pids(held))));
      if (await isLeftBehind()) await beside?.remove();
      await removeStale(file, isLeftBehind);
      if (held === null) return 'nothing was there';
      return isClean ? 'ended' : 'killed';
    },
  };
}

/** Work in the order in which it was asked for, whatever became of what was before it. */
function oneAtATime(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** Creates the file with all its content in one step. @returns false if it is there already */
async function isCreated(file: string, content: object): Promise<boolean> {
  const draft = await draftOf(file, content);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function draftOf(file: string, content: object): Promise<string> {
  const draft = `${file}.${process.pid}`;
  await rm(draft, { force: true }); // of a dead process that had this number
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: OWNER_ONLY });
  return draft;
}

async function isKilledAfter(
  isThere: () => boolean,
  pid: number,
  withinMs: number,
): Promise<boolean> {
  signal(pid, 'SIGTERM');
  if (await comesTrue(() => !isThere(), withinMs)) return false;
  signal(pid, 'SIGKILL');
  await comesTrue(() => !isThere(), GUARDS_WITHIN_MS);
  return true;
}

function areGone(pids: number[]): Promise<boolean> {
  return comesTrue(() => pids.every((pid) => processStart(pid) === null), GUARDS_WITHIN_MS);
}

async function comesTrue(isTrue: () => boolean, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (!isTrue() && Date.now() < until) await delay(LOOK_EVERY_MS);
  return isTrue();
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended, which is what this is for.
  }
}

/** @returns undefined without a file; null when it is cut short, so that nobody can use it */
async function contentOf(file: string): Promise<{ pid: number } | null | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parse(text);
}

function parse(text: string): { pid: number } | null {
  try {
    const held: { pid?: unknown } | null = JSON.parse(text);
    return typeof held?.pid === 'number' ? { ...held, pid: held.pid } : null;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // there, and not ours
  }
}

function commandLine(pid: number): string {
  try {
    const proc = `/proc/${pid}/cmdline`;
    if (existsSync('/proc/self/cmdline')) return readFileSync(proc, 'utf8');
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  } catch {
    return ''; // it has just ended
  }
}
