import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { stripVTControlCharacters } from 'node:util';

const running = new Set<ChildProcess>();
const inColour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
/** Time that a script may take to end after SIGTERM. After this time it is killed. */
const END_WITHIN_MS = 10_000;
let interruption: NodeJS.Signals | undefined;

export interface Ended {
  ok: boolean;
  /**
   * The output of the script on stdout and stderr, in order; empty when it wrote directly to our
   * terminal.
   */
  output: string;
}

/**
 * Runs a script of the root package.json to its end; never throws for a script that fails.
 * @param live true: its output goes directly to our output; false: its output is collected
 * @param signal ends the script, and all that it started, in ten seconds at the latest
 */
export async function runScript(
  script: string,
  args: string[],
  live: boolean,
  signal?: AbortSignal,
): Promise<Ended> {
  // The script has its own process group: one signal reaches the script and its children, and no
  // other process.
  const child = spawn(process.execPath, ['--run', script, '--', ...args], {
    detached: true,
    // Without NO_COLOR vitest also colours output that goes into a file.
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
  // In CI oxlint colours its report despite NO_COLOR.
  return { ok: code === 0, output: inColour ? output : stripVTControlCharacters(output) };
}

/** @returns a function to call when the child has ended */
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

/**
 * Ctrl-C ends the scripts that we started, and then this process. A second Ctrl-C does not wait for
 * the scripts.
 */
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
