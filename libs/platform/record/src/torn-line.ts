import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * The text to write first when a file of lines is opened to append. A process that was killed while
 * it wrote leaves a torn line, and the next line must not be appended to the torn line.
 * @returns a newline; or an empty text when the file is empty, missing, or ends with a newline
 * @throws the error of the file system
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
 * Whether a line is torn: it begins as JSON, but its process was killed before it wrote the end. A
 * torn line is ignored, as if the process had been killed before the event. Pure.
 * @param text  a line that could not be parsed
 */
export function isTornLine(text: string): boolean {
  return /^\{("|$)/.test(text);
}
