import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { z } from 'zod';
import { removeStale } from '../../infrastructure/files/symlink-lock.ts';
import { processStart } from '../../infrastructure/process/process-start.ts';

/** During the start only the pid of the starting process is known. */
export type StateOrPid<State> = ({ ready: true } & State) | { ready: false; pid: number };

export interface PidFile<State extends { pid: number }> {
  /** @returns the state, or the pid during the start; null when no live process owns the file */
  read(): Promise<StateOrPid<State> | null>;
  /**
   * Creates the file for this process.
   * @throws Failure 'lab-failed' (definite) when another process has it
   */
  claim(): Promise<void>;
  /** Replaces the file in one step: a reader sees the old content or the new content. */
  write(state: State): Promise<void>;
  /** Removes the file if this process owns it. Later writes do nothing. */
  remove(): Promise<void>;
  /**
   * Sends SIGTERM to the owner of the file and waits until the owner is gone. After `withinMs`
   * milliseconds the owner gets SIGKILL, and its guards end the processes that it started.
   */
  end(withinMs: number): Promise<Ended>;
}

/** Killed: SIGTERM was not enough, and some processes of the owner may still run. */
export type Ended = 'nothing was there' | 'ended' | 'killed';

export interface PidFileSpec<State> {
  file: string;
  /** The name of the owner's main module. No other process has this name in its command line. */
  main: string;
  /** The message for a second process: why it is refused, and what to do next. */
  taken: string;
  /** The processes that the owner started. They end when the owner ends. */
  pids: (state: State) => number[];
  /** Another file that is written and removed together with the pid file. */
  beside?: { write: (state: State) => Promise<void>; remove: () => Promise<void> };
}

const OWNER_ONLY = 0o600;
const POLL_EVERY_MS = 20;
/** A guard kills a process group after one second. */
const GUARDS_WITHIN_MS = 5_000;

/**
 * A file with the pid and the state of a background process, for as long as that process lives. A
 * checkout has one pid file for each kind of background process. Mode 0600, because of passwords in
 * it.
 */
export function pidFile<State extends { pid: number }>(spec: PidFileSpec<State>): PidFile<State> {
  const { file, main, taken, pids, beside } = spec;
  // A pid alone is not enough: after a restart of the machine another process may have this pid.
  const isOwner = (pid: number): boolean => isAlive(pid) && commandLine(pid).includes(main);
  const read = async (): Promise<StateOrPid<State> | null> => {
    const content = (await contentOf(file)) as StateOrPid<State> | null | undefined;
    return content && isOwner(content.pid) ? content : null;
  };
  const isStale = async (): Promise<boolean> => {
    const content = await contentOf(file);
    return content !== undefined && !(content && isOwner(content.pid));
  };
  const inOrder = queue();
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

/** Runs one piece of work after the other, also after a piece of work that failed. */
function queue(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** Creates the file with its whole content in one step. @returns false if the file exists */
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
  await rm(draft, { force: true }); // left by a dead process that had this pid
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
    // The process has just ended by itself, so no signal is needed.
  }
}

/** Checks only the fields that every pid file has. The rest of the state is not checked here. */
const CONTENT = z.looseObject({ ready: z.boolean(), pid: z.number() });
type Content = z.infer<typeof CONTENT>;

/** @returns undefined without a file; null when the file is damaged */
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
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // another user's process
  }
}

function commandLine(pid: number): string {
  try {
    const proc = `/proc/${pid}/cmdline`;
    if (existsSync('/proc/self/cmdline')) return readFileSync(proc, 'utf8');
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  } catch {
    return ''; // the process has just ended
  }
}
