import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Indexes of fields after the name in `/proc/PID/stat`: fields 3 and 22 of proc_pid_stat(5). */
const STATE = 0;
const START = 19;
const ENDED = ['Z', 'X'];

/**
 * The start of a process, in the format of the system. A pid alone does not identify a process,
 * because pids are reused, after a restart of the machine and in a container very soon.
 * @returns null when the process has ended, also when it is a zombie
 */
export function processStart(pid: number): string | null {
  if (!existsSync('/proc/self/stat')) return startByPs(pid);
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The name is in brackets and may itself contain blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ENDED.includes(fields[STATE] ?? '') ? null : (fields[START] ?? null);
}

function startByPs(pid: number): string | null {
  try {
    const args = ['-p', String(pid), '-o', 'lstart='];
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    const start = execFileSync('ps', args, { encoding: 'utf8', stdio: [...stdio] });
    return start.trim().replaceAll(/\s+/g, '-') || null;
  } catch {
    return null; // ps does not find the process
  }
}
