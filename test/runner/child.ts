import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { stripVTControlCharacters } from 'node:util';

const running = new Set<ChildProcess>();
const inColour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
/** So long may a script that is told to end take; then it is killed. */
const END_WITHIN_MS = 10_000;
let interruption: NodeJS.Signals | undefined;

export interface Ended {
  ok: boolean;
  /** What it wrote on stdout and stderr, in order; empty when it wrote straight to our terminal. */
  output: string;
}

/**
 * Runs a script of the root package.json to its end; never throws for a script that fails.
 * @param live  true: its output goes straight to ours; false: it is collected
 * @param signal  ends it, and all that it started, in ten seconds at the latest
 */
export async function runScript(
  script: string,
  args: string[],
  live: boolean,
  signal?: AbortSignal,
): Promise<Ended> {
  // A group of its own: one signal reaches the script and what it started, and nothing else.
  const child = spawn(process.execPath, ['--run', script, '--', ...args], {
    detached: true,
    // vitest colours what it writes into a file too, unless told not to.
    env: inColour ? process.env : { ...process.env, NO_COLOR: '1' },
    stdio: live ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  }
  const released = endOnAbort(child, signal);
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      chunks.push(`Could not start "${script}": ${error.message}\n`);
      resolve(null);
    });
    child.on('close', resolve);
  });
  running.delete(child);
  released();
  if (interruption !== undefined) exitOnceAllEnded(interruption);
  const output = chunks.join('');
  // Under CI oxlint colours its report, whatever NO_COLOR says.
  return { ok: code === 0, output: inColour ? output : stripVTControlCharacters(output) };
}

/** @returns what is to be called when it has ended */
function endOnAbort(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  let late: NodeJS.Timeout | undefined;
  const end = (): void => {
    signalGroup(child, 'SIGTERM');
    late = setTimeout(() => signalGroup(child, 'SIGKILL'), END_WITHIN_MS);
  };
  signal?.addEventListener('abort', end, { once: true });
  return () => {
    signal?.removeEventListener('abort', end);
    clearTimeout(late);
  };
}

/** Ctrl-C ends the scripts we started, then us; a second one does not wait for them. */
export function endChildrenOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const again = interruption !== undefined;
      interruption = signal;
      for (const child of running) signalGroup(child, again ? 'SIGKILL' : signal);
      exitOnceAllEnded(signal);
    });
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended between the signal and here.
  }
}

function exitOnceAllEnded(signal: NodeJS.Signals): void {
  if (running.size === 0) process.exit(128 + constants.signals[signal]);
}
