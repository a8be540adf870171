import { execa } from 'execa';
import type { Guard } from './guard.ts';
import type { ProgramResult } from './run-program.ts';

export interface GuardedProgram {
  command: string;
  args: string[];
  cwd: string;
  /** Beside this process's own environment. */
  env: Record<string, string>;
  /** Told of what is started; it is the caller's, whose folder may need it for longer. */
  guard: Guard;
  signal: AbortSignal;
  onLine: (line: string) => void;
}

/**
 * Runs a program that starts others, such as a compiler's driver, to its end. It leads a process
 * group: an abort kills all of that at once, and so does the guard if this process dies.
 * @returns how it ended; a bad end is a result, because the caller knows what it means
 */
export async function runUnderGuard(program: GuardedProgram): Promise<ProgramResult> {
  const { command, args, cwd, env, guard, signal, onLine } = program;
  const options = { cwd, env, detached: true, all: true, reject: false, stdin: 'ignore' } as const;
  const child = execa(command, args, options);
  const { pid } = child;
  const end = (): void => void (pid !== undefined && killGroup(pid));
  try {
    if (pid !== undefined) guard.add(pid);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    for await (const line of child.iterable({ from: 'all' })) onLine(line);
    const { failed, all, shortMessage } = await child;
    return { failed, output: (all || shortMessage) ?? '' };
  } finally {
    signal.removeEventListener('abort', end);
    if (pid !== undefined) guard.remove(pid);
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}
