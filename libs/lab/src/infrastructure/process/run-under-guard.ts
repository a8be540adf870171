import { execa } from 'execa';
import type { Guard } from './guard.ts';
import type { ProgramResult } from './run-program.ts';

export interface GuardedProgram {
  command: string;
  args: string[];
  cwd: string;
  /** Added to this process's environment. */
  env: Record<string, string>;
  /** Ends the program if this process dies. The caller releases the guard. */
  guard: Guard;
  signal: AbortSignal;
  onLine: (line: string) => void;
}

/**
 * Runs a program that starts other programs, such as a compiler's driver, to its end. The program
 * leads a process group. An abort kills the whole group, and so does the guard if this process
 * dies.
 * @returns the result; a failure is a result, because the caller can explain it
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
