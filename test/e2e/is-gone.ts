import { readFileSync } from 'node:fs';

/** Whether a process has ended. A zombie, which its parent has not collected yet, has ended. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  return stateOf(pid).includes(') Z ');
}

/** The state of a process in /proc; empty if the process has just ended. */
function stateOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}
