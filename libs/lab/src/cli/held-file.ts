import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';

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
  /** Says what is held, all at once: a reader sees the old file or the new one. */
  write(state: State): Promise<void>;
  remove(): Promise<void>;
  /**
   * Ends whoever holds it, by SIGTERM, and waits until that is gone; after so many milliseconds by
   * SIGKILL: its guards then end what it held. @returns whether there was anybody
   */
  end(withinMs: number): Promise<boolean>;
  /** A number is not enough: after a restart of the machine it may belong to anybody. */
  isHolder(pid: number): boolean;
}

const OWNER_ONLY = 0o600;
const LOOK_EVERY_MS = 20;

/**
 * A file that says what a process in the background holds, for as long as that process lives. There
 * is one such place in a checkout for each kind of thing. Mode 0600: it may have passwords in it.
 * @param main   in the holder's command line, and in nobody else's: the name of its main module
 * @param taken  why a second one is refused, and what to do
 */
export function heldFile<State extends { pid: number }>(
  file: string,
  main: string,
  taken: string,
): HeldFile<State> {
  const isHolder = (pid: number): boolean => isAlive(pid) && commandLine(pid).includes(main);
  const read = async (): Promise<Held<State> | null> => {
    const text = await readFile(file, 'utf8').catch(() => null);
    const held = text === null ? null : parse<State>(text);
    return held !== null && isHolder(held.pid) ? held : null;
  };
  const remove = (): Promise<void> => rm(file, { force: true });
  return {
    read,
    remove,
    isHolder,
    async claim() {
      await mkdir(dirname(file), { recursive: true });
      for (;;) {
        const created = await open(file, 'wx', OWNER_ONLY).catch(() => null);
        if (created !== null) {
          await created.writeFile(JSON.stringify({ ready: false, pid: process.pid }));
          return created.close();
        }
        if ((await read()) !== null) throw new Failure('lab-failed', taken);
        await remove();
      }
    },
    async end(withinMs) {
      const held = await read();
      if (held !== null) await endProcess(() => isHolder(held.pid), held.pid, withinMs);
      await remove();
      return held !== null;
    },
    async write(state) {
      const draft = `${file}.${process.pid}`;
      const created = await open(draft, 'w', OWNER_ONLY);
      await created.writeFile(`${JSON.stringify({ ready: true, ...state }, null, 2)}\n`);
      await created.close();
      await rename(draft, file);
    },
  };
}

async function endProcess(isThere: () => boolean, pid: number, withinMs: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const until = Date.now() + withinMs;
  while (isThere() && Date.now() < until) await delay(LOOK_EVERY_MS);
  if (isThere()) process.kill(pid, 'SIGKILL');
}

function parse<State>(text: string): Held<State> | null {
  try {
    return JSON.parse(text) as Held<State>;
  } catch {
    return null; // cut short by a full disk: nobody can use it
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
  const proc = `/proc/${pid}/cmdline`;
  if (existsSync('/proc/self/cmdline')) return existsSync(proc) ? readFileSync(proc, 'utf8') : '';
  return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
}
