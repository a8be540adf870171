import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Fields of what follows the name in `/proc/PID/stat`: 3 and 22 of proc_pid_stat(5). */
const STATE = 0;
const START = 19;
const ENDED = ['Z', 'X'];

/**
 * When a process started, in the system's own words. Its number alone names nobody for long: it is
 * given out again, and after a restart of the machine, or in a container, soon.
 * @returns null when it has ended, also when nobody has collected it yet
 */
export function processStart(pid: number): string | null {
  if (!existsSync('/proc/self/stat')) return startByPs(pid);
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The name is in brackets and may have blanks and brackets of its own.
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
    return null; // ps knows no such process
  }
}
