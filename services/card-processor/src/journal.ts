import { type FileHandle, open } from 'node:fs/promises';

/** An append-only file of JSON lines, for a process without a database. */
export interface Journal {
  /** The lines of the file when it was opened, oldest first. */
  lines: unknown[];
  /**
   * Adds a line and resolves once the line is on disk. The caller must await each append.
   * @throws the system's error (ENOSPC, EIO); every later append fails
   */
  append(line: unknown): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a journal, or creates an empty one. A torn last line is cut off, since it was never
 * acknowledged.
 * @throws Error when another line cannot be read: a crash of this process cannot cause that
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
      // A line after a torn line would be unreadable.
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

/** A line is complete if it has a newline, which is written last. Pure. */
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
