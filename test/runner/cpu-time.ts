import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second in /proc: 100 on every Linux machine. */
const TICKS_PER_SECOND = 100;

interface ProcessTimes {
  parent: number;
  /** Processor time of the process and of its children that have ended. */
  seconds: number;
}

/**
 * The processor time that this process and everything it started has used so far. Seconds.
 * @returns null on a system without /proc
 */
export function cpuSeconds(): number | null {
  const all = new Map<number, ProcessTimes>();
  try {
    for (const name of readdirSync('/proc')) {
      const times = timesOf(name);
      if (times !== undefined) all.set(Number(name), times);
    }
  } catch {
    return null;
  }
  let sum = 0;
  for (const [pid, { seconds }] of all) if (isBelow(process.pid, pid, all)) sum += seconds;
  return sum;
}

/** Whether `pid` is the process `top`, or was started by it or by one of its children. */
function isBelow(top: number, pid: number, all: ReadonlyMap<number, ProcessTimes>): boolean {
  for (let at: number | undefined = pid; at !== undefined; at = all.get(at)?.parent) {
    if (at === top) return true;
  }
  return false;
}

function timesOf(name: string): ProcessTimes | undefined {
  if (!/^\d+$/.test(name)) return undefined;
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
    // The second field is the name of the program in brackets. The name may contain spaces and
    // brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND };
  } catch {
    return undefined; // the process has ended meanwhile
  }
}
