import { readFile } from 'node:fs/promises';

const TAIL_LINES = 8;
const LINE_CHARACTERS = 300;

/** Known troubles, as the programs themselves word them, and what a person does about each. */
const CAUSES: [RegExp, string][] = [
  [/ENOSPC|No space left on device|disk full/i, 'the disk is full: free some space'],
  [/Address already in use|BindException/i, 'a port was taken by another program: run it again'],
  [/OutOfMemoryError|Cannot allocate memory|insufficient memory/i, 'not enough free memory'],
  [
    /UnknownHost|Connection refused|unreachable|connect timed out|Temporary failure in name/i,
    'the repository could not be reached: check the network or the proxy in Maven settings',
  ],
  [/Permission denied/i, 'a file is not accessible to this user'],
  [/GLIBC|cannot open shared object|not found \(required by/i, 'a system library is missing'],
];

/** The likely cause that a program's own output names, or null. */
export function likelyCause(output: string): string | null {
  return CAUSES.find(([pattern]) => pattern.test(output))?.[1] ?? null;
}

/** The last lines that say something, each cut to a readable length. */
export function tailOf(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-TAIL_LINES).map((line) => line.slice(0, LINE_CHARACTERS));
}

/** What happened, why (if the log tells), the end of the log, and where all of it is. */
export function explain(what: string, output: string, logFile: string): string {
  const cause = likelyCause(output);
  const tail = tailOf(output).map((line) => `  | ${line}`);
  return [what, ...(cause ? [`Why: ${cause}.`] : []), ...tail, `Log: ${logFile}`].join('\n');
}

/** A log that is not there (yet) reads as empty. */
export async function readLog(logFile: string): Promise<string> {
  return readFile(logFile, 'utf8').catch(() => '');
}
