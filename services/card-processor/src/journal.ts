import { type FileHandle, open } from 'node:fs/promises';

/** A file of JSON lines that only grows: the truth of a process that has no database. */
export interface Journal {
  /** What it held when it was opened, oldest first. */
  lines: unknown[];
  /**
   * Adds a line; settles once it is on disk. One at a time: the caller waits for the one before.
   * @throws what the system says (ENOSPC, EIO): nothing may be added after that
   */
  append(line: unknown): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a journal, or makes an empty one. A last line that a crash has torn was never acknowledged
 * to anybody: it is cut off.
 * @throws Error when another line cannot be read: that is damage, and no crash of ours does it
 */
export async function openJournal(path: string): Promise<Journal> {
  const file = await open(path, 'a+');
  const text = await file.readFile('utf8');
  const { whole, lines } = readLines(text);
  if (whole.length < text.length) await file.truncate(Buffer.byteLength(whole));
  let broken: unknown;
  return {
    lines,
    async append(line) {
      // Behind half a line the next one would be torn as well: better none at all.
      if (broken !== undefined) throw new Error('the journal is broken', { cause: broken });
      try {
        await write(file, line);
      } catch (error) {
        broken = error;
        throw error;
      }
    },
    close: () => file.close(),
  };
}

async function write(file: FileHandle, line: unknown): Promise<void> {
  await file.appendFile(`${JSON.stringify(line)}\n`);
  await file.datasync();
}

/** A line is whole when its newline is there: it was written last. Pure. */
export function readLines(text: string): { whole: string; lines: unknown[] } {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').slice(0, -1);
  return { whole, lines: lines.map((line, index) => parsed(line, index + 1)) };
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`line ${number} of the journal is damaged`, { cause: error });
  }
}
