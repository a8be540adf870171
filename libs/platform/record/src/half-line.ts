import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * What has to be written first to a file of lines that is appended to: a process that was killed
 * while it wrote has left half a line, and what comes next must not become its end.
 * @returns a newline, or nothing when the file is empty, not there, or ends as it should
 * @throws what the file system says
 */
export function beginLines(file: string): '' | '\n' {
  const fd = openSync(file, 'a+');
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    if (size === 0 || readSync(fd, last, 0, 1, size - 1) === 0) return '';
    return last.toString('latin1') === '\n' ? '' : '\n';
  } finally {
    closeSync(fd);
  }
}

/**
 * A line that its process did not live to end: not JSON, but begun as one. What it would have told
 * of is not in the record, as if the process had been killed a moment before.
 * @param text  a line that could not be parsed. Pure.
 */
export function isHalfLine(text: string): boolean {
  return /^\{("|$)/.test(text);
}
