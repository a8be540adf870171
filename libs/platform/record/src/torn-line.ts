import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * The text to write first when a file of lines is opened to append: a process that was killed while
 * it wrote has left a torn line, and the next line must not become the end of the torn line.
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
 * Whether a line is torn: it begins as JSON, but its process was killed before it wrote the end.
 * Its event is not in the record, as if the process had been killed a moment before.
 * @param text  a line that could not be parsed. Pure.
 */
export function isTornLine(text: string): boolean {
  return /^\{("|$)/.test(text);
}
