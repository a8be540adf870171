import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { z } from 'zod';
import { removeStale } from '../../infrastructure/files/symlink-lock.ts';
import { processStart } from '../../infrastructure/process/process-start.ts';

/** While something is being started, only the pid of the process that starts it is known. */
export type StateOrPid<State> = ({ ready: true } & State) | { ready: false; pid: number };

export interface PidFile<State extends { pid: number }> {
  /** @returns what runs, or is being started; null when nothing is, or its process has died */
  read(): Promise<StateOrPid<State> | null>;
  /**
   * Creates the file for this process.
   * @throws Failure 'lab-failed' (definite) when another process has it
   */
  claim(): Promise<void>;
  /** Writes the state at once: a reader sees the old file or the new one, never half of one. */
  write(state: State): Promise<void>;
  /** Removes the file, if it is this process's; later writes do nothing. */
  remove(): Promise<void>;
  /**
   * Ends the process that owns the file, by SIGTERM, and waits until it is gone; after so many
   * milliseconds by SIGKILL: its guards then end what it started.
   */
  end(withinMs: number): Promise<Ended>;
}

/** Killed: SIGTERM was not enough, and its guards may not have ended all that it started. */
export type Ended = 'nothing was there' | 'ended' | 'killed';

export interface PidFileSpec<State> {
  file: string;
  /** The name of its main module: in the owner's command line, and in no other. */
  main: string;
  /** Why a second process is refused, and what to do. */
  taken: string;
  /** The processes that the owner started: they end when the owner does. */
  pids: (state: State) => number[];
  /** What is written and removed together with the file. */
  beside?: { write: (state: State) => Promise<void>; remove: () => Promise<void> };
}

const OWNER_ONLY = 0o600;
const POLL_EVERY_MS = 20;
/** A guard gives a group a second until it kills it. */
const GUARDS_WITHIN_MS = 5_000;

/**
 * A file with the pid and the state of a process in the background, for as long as that process
 * lives: in a checkout one for each kind of process. Mode 0600: it may have passwords in it.
 */
export function pidFile<State extends { pid: number }>(spec: PidFileSpec<State>): PidFile<State> {
  const { file, main, taken, pids, beside } = spec;
  // A pid alone is not enough: after a restart of the machine another process may have it.
  const isOwner = (pid: number): boolean => isAlive(pid) && commandLine(pid).includes(main);
  const read = async (): Promise<StateOrPid<State> | null> => {
    const content = (await contentOf(file)) as StateOrPid<State> | null | undefined;
    return content && isOwner(content.pid) ? content : null;
  };
  const isStale = async (): Promise<boolean> => {
    const content = await contentOf(file);
    return content !== undefined && !(content && isOwner(content.pid));
  };
  const inOrder = oneAtATime();
  let isRemoved = false;
  return {
    read,
    claim: () =>
      inOrder(async () => {
        await mkdir(dirname(file), { recursive: true });
        while (!(await isCreated(file, { ready: false, pid: process.pid }))) {
          if ((await read()) !== null) throw new Failure('lab-failed', taken);
          await removeStale(file, isStale);
        }
      }),
    write: (state) =>
      inOrder(async () => {
        if (isRemoved) return;
        await beside?.write(state);
        await rename(await draftOf(file, { ready: true, ...state }), file);
      }),
    remove: () =>
      inOrder(async () => {
        isRemoved = true;
        if ((await contentOf(file))?.pid !== process.pid) return;
        await beside?.remove();
        await rm(file, { force: true });
      }),
    async end(withinMs) {
      const own = await read();
      const isKilled =
        own !== null && (await isKilledAfter(() => isOwner(own.pid), own.pid, withinMs));
      const isClean = !isKilled || (own.ready && (await areGone(pids(own))));
      if (await isStale()) await beside?.remove();
      await removeStale(file, isStale);
      if (own === null) return 'nothing was there';
      return isClean ? 'ended' : 'killed';
    },
  };
}

/** Does one piece of work after the other, also after one that failed. */
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
  while (!isTrue() && Date.now() < until) await delay(POLL_EVERY_MS);
  return isTrue();
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended, which is what this is for.
  }
}

/** The state belongs to whoever reads it; every pid file has a pid. */
const CONTENT = z.looseObject({ ready: z.boolean(), pid: z.number() });
type Content = z.infer<typeof CONTENT>;

/** @returns undefined without a file; null when it is cut short, so that nobody can use it */
async function contentOf(file: string): Promise<Content | null | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parse(text);
}

function parse(text: string): Content | null {
  try {
    return CONTENT.parse(JSON.parse(text));
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
