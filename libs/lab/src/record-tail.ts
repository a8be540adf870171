import { EventEmitter, once } from 'node:events';
import { type FSWatcher, watch } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordLine } from '@indoubt/record';

/** Follows the files of a run's record, one for each process, while they grow. */
export interface RecordTail {
  /** Every line so far, in the order of time. */
  lines(): RecordLine[];
  /**
   * Waits until a line fits. @returns it
   * @throws Error when it does not come in time, or `signal` is aborted
   */
  next(
    fits: (line: RecordLine) => boolean,
    withinMs: number,
    signal?: AbortSignal,
  ): Promise<RecordLine>;
  /** Reads what is there now and stops following. */
  close(): Promise<void>;
}

// Where file events are missed (some network folders), a look now and then finds the lines all the
// same.
const LOOK_EVERY_MS = 200;

export function tailRecord(dir: string, onLine: (line: RecordLine) => void): RecordTail {
  const lines: RecordLine[] = [];
  const news = new EventEmitter();
  news.setMaxListeners(0);
  const files = new Map<string, FileTail>();

  async function look(): Promise<void> {
    const names = (await readdir(dir)).filter((name) => name.endsWith('.jsonl'));
    const fresh: RecordLine[] = [];
    for (const name of names) {
      const file = files.get(name) ?? { path: join(dir, name), offset: 0, rest: '' };
      files.set(name, file);
      fresh.push(...(await readMore(file)));
    }
    // Processes write to files of their own: their lines are merged by time, as far as one look
    // goes.
    for (const line of fresh.toSorted((a, b) => a.at - b.at)) {
      lines.push(line);
      onLine(line);
    }
    if (fresh.length > 0) news.emit('lines');
  }

  const looking = serialised(look);
  // A look that fails (the folder is busy, or gone) is made up for by the next.
  const lookSoon = () => void looking().catch(() => undefined);
  const watcher: FSWatcher = watch(dir, lookSoon).on('error', () => undefined);
  const timer = setInterval(lookSoon, LOOK_EVERY_MS);
  return {
    lines: () => lines.toSorted((a, b) => a.at - b.at),
    async next(fits, withinMs, signal) {
      const time = AbortSignal.timeout(withinMs);
      const until = signal === undefined ? time : AbortSignal.any([time, signal]);
      for (;;) {
        const found = lines.find(fits);
        if (found !== undefined) return found;
        await once(news, 'lines', { signal: until });
      }
    },
    async close() {
      watcher.close();
      clearInterval(timer);
      await looking();
    },
  };
}

interface FileTail {
  path: string;
  offset: number;
  /** The beginning of a line whose end has not been written yet. */
  rest: string;
}

const CHUNK_BYTES = 256 * 1024;

async function readMore(file: FileTail): Promise<RecordLine[]> {
  const handle = await open(file.path, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    let text = file.rest;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, file.offset);
      file.offset += bytesRead;
      text += buffer.toString('latin1', 0, bytesRead);
      if (bytesRead < CHUNK_BYTES) break;
    }
    const end = text.lastIndexOf('\n') + 1;
    file.rest = text.slice(end);
    return text.slice(0, end).split('\n').filter(Boolean).map(parse);
  } finally {
    await handle.close();
  }
}

/**
 * Bytes were read as latin1 so that a character cut in two by a chunk's end survives; here it is
 * UTF-8 again.
 */
function parse(line: string): RecordLine {
  return JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as RecordLine;
}

/** Calls that come while one is running are answered by one more run after it. */
function serialised(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  const run = (): Promise<void> => {
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (running === undefined) return run();
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = undefined;
        return run();
      });
    return queued;
  };
}
