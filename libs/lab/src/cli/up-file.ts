import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Coordination } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { Infrastructure, ProviderName } from '../infrastructure/provider.ts';
import type { Endpoints } from '../run-result.ts';

/** A lab that is up: what `.lab/up.json` says of it. The file holds passwords: mode 0600. */
export interface UpState {
  /** The keeper: the process that holds it all. */
  pid: number;
  startedAt: string;
  provider: ProviderName;
  /** How its orders are placed, unless a request says otherwise. */
  coordination: Coordination;
  /** Whether faults can be armed in it. */
  chaos: boolean;
  endpoints: Endpoints;
  logsDir: string;
  runDir: string;
  /** The servers, so that `scenario run` can use them too. */
  servers: Omit<Infrastructure, 'stop' | 'provider' | 'servers'>;
}

/** While it is being started, only who does that is known. */
export type UpFile = ({ ready: true } & UpState) | { ready: false; pid: number };

const OWNER_ONLY = 0o600;

function fileOf(root: string): string {
  return join(root, '.lab', 'up.json');
}

/** @returns what is up, or being started; null when nothing is, or its keeper has died */
export async function readUp(root: string): Promise<UpFile | null> {
  const text = await readFile(fileOf(root), 'utf8').catch(() => null);
  if (text === null) return null;
  const up = parse(text);
  return up !== null && isKeeper(up.pid) ? up : null;
}

function parse(text: string): UpFile | null {
  try {
    return JSON.parse(text) as UpFile;
  } catch {
    return null; // cut short by a full disk: nobody can use it
  }
}

/**
 * Claims the place of the one lab that may be up in a checkout, for this process.
 * @throws Failure 'lab-failed' (definite) when another one is up
 */
export async function claimUp(root: string): Promise<void> {
  await mkdir(join(root, '.lab'), { recursive: true });
  for (;;) {
    const file = await open(fileOf(root), 'wx', OWNER_ONLY).catch(() => null);
    if (file !== null) {
      await file.writeFile(JSON.stringify({ ready: false, pid: process.pid } satisfies UpFile));
      return file.close();
    }
    if ((await readUp(root)) !== null) {
      const next = "Next: 'scenario status' shows it, 'scenario down' ends it.";
      throw new Failure('lab-failed', `a lab is up already in this checkout.\n${next}`);
    }
    await rm(fileOf(root), { force: true });
  }
}

/** Says what is up, all at once: a reader sees the old file or the new one. */
export async function writeUp(root: string, state: UpState): Promise<void> {
  const draft = `${fileOf(root)}.${process.pid}`;
  const file = await open(draft, 'w', OWNER_ONLY);
  await file.writeFile(`${JSON.stringify({ ready: true, ...state } satisfies UpFile, null, 2)}\n`);
  await file.close();
  await rename(draft, fileOf(root));
}

export async function removeUp(root: string): Promise<void> {
  await rm(fileOf(root), { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // there, and not ours
  }
}

/** A number is not enough: after a restart of the machine it may belong to anybody. */
export function isKeeper(pid: number): boolean {
  return isAlive(pid) && commandLine(pid).includes('keeper-main');
}

function commandLine(pid: number): string {
  const proc = `/proc/${pid}/cmdline`;
  if (existsSync('/proc/self/cmdline')) return existsSync(proc) ? readFileSync(proc, 'utf8') : '';
  return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
}
