import { readFile } from 'node:fs/promises';

const TAIL_LINES = 8;
const LINE_CHARACTERS = 300;

/** Known error texts of the programs, with the cause and the remedy in plain words. */
const CAUSES: [RegExp, string][] = [
  [/ENOSPC|No space left on device|disk full/i, 'the disk is full: free some space'],
  [/Address already in use|BindException/i, 'a port was taken by another program: run this again'],
  [
    /OutOfMemoryError|Cannot allocate memory|insufficient memory/i,
    'not enough free memory: end other programs',
  ],
  [
    /UnknownHost|Connection refused|unreachable|connect timed out|Temporary failure in name/i,
    'the repository could not be reached: check the network or the proxy in Maven settings',
  ],
  [/Permission denied/i, 'this user may not access a file: check its owner and rights'],
  [
    /GLIBC|cannot open shared object|not found \(required by/i,
    'a system library is missing: install the one that the log names',
  ],
];

/** The likely cause that the output of a program shows, or null. */
export function likelyCause(output: string): string | null {
  return CAUSES.find(([pattern]) => pattern.test(output))?.[1] ?? null;
}

/** The last lines that are not empty, each cut to a readable length. */
export function tailOf(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-TAIL_LINES).map((line) => line.slice(0, LINE_CHARACTERS));
}

/** Explains a problem: its cause if the log shows it, the end of the log, and the log's path. */
export function explain(what: string, output: string, logFile: string): string {
  const cause = likelyCause(output);
  const tail = tailOf(output).map((line) => `  | ${line}`);
  return [what, ...(cause ? [`Why: ${cause}.`] : []), ...tail, `Log: ${logFile}`].join('\n');
}

/** A log that does not exist is read as empty. */
export async function readLog(logFile: string): Promise<string> {
  return readFile(logFile, 'utf8').catch(() => '');
}
