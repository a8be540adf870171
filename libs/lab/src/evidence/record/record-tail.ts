import { EventEmitter, once } from 'node:events';
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type EventLine, isTornLine, type RecordLine } from '@indoubt/record';

/** Follows the growing files of the record of a run, one file for each process. */
export interface RecordTail {
  /** All lines so far, ordered by time. */
  lines(): RecordLine[];
  /**
   * Waits until an event matches. @returns the event
   * @throws Error when no event matches in time, or `signal` is aborted
   */
  next<Fitting extends EventLine>(
    fits: (line: EventLine) => line is Fitting,
    withinMs: number,
    signal?: AbortSignal,
  ): Promise<Fitting>;
  next(
    fits: (line: EventLine) => boolean,
    withinMs: number,
    signal?: AbortSignal,
  ): Promise<EventLine>;
  /** Reads all new lines now. @returns all events so far */
  readNow(): readonly EventLine[];
  /** Reads all new lines now and stops following. */
  close(): Promise<void>;
}

/**
 * Polling interval: short enough for a live narration and cheap, because a poll is one read of each
 * open file. File system events would cost more than the services they watch, since every line is a
 * write.
 */
const POLL_EVERY_MS = 20;

export function tailRecord(dir: string, onEvent: (event: EventLine) => void): RecordTail {
  const [events, spans]: [EventLine[], RecordLine[]] = [[], []];
  /**
   * Lines of spans, parsed only on demand: most lines are spans, and the live narration does not
   * need them.
   */
  const unread: string[] = [];
  const news = new EventEmitter();
  news.setMaxListeners(0);
  const files = new Map<string, FileTail>();

  function poll(): void {
    openNew(dir, files);
    const fresh = [...files.values()].flatMap(readMore);
    unread.push(...fresh.filter(isSpan));
    const freshEvents = fresh.filter((text) => !isSpan(text)).flatMap(parse<EventLine>);
    // Each process has its own file. The lines of one poll are merged by time.
    for (const event of freshEvents.toSorted((one, other) => one.at - other.at)) {
      events.push(event);
      onEvent(event);
    }
    if (freshEvents.length > 0) news.emit('events');
  }

  const timer = setInterval(poll, POLL_EVERY_MS);
  let closed = false;
  return {
    lines() {
      spans.push(...unread.splice(0).flatMap(parse<RecordLine>));
      return [...events, ...spans].toSorted((one, other) => one.at - other.at);
    },
    next: nextOf(events, news),
    readNow() {
      if (!closed) poll();
      return events;
    },
    async close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      poll();
      for (const { fd } of files.values()) closeSync(fd);
    },
  };
}

/** @param news  emits `events` after new ones were added */
function nextOf(events: readonly EventLine[], news: EventEmitter): RecordTail['next'] {
  return async <Fitting extends EventLine>(
    fits: (line: EventLine) => boolean,
    withinMs: number,
    signal?: AbortSignal,
  ) => {
    const time = AbortSignal.timeout(withinMs);
    const until = signal === undefined ? time : AbortSignal.any([time, signal]);
    for (;;) {
      const found = events.find(fits);
      if (found !== undefined) return found as Fitting;
      await once(news, 'events', { signal: until });
    }
  };
}

/** Opens the file of a process that has just started. */
function openNew(dir: string, files: Map<string, FileTail>): void {
  for (const name of readdirSync(dir)) {
    if (files.has(name) || !name.endsWith('.jsonl')) continue;
    files.set(name, { fd: openSync(join(dir, name), 'r'), offset: 0, rest: '' });
  }
}

interface FileTail {
  fd: number;
  offset: number;
  /** The beginning of a torn line, whose end is not written yet. */
  rest: string;
}

const CHUNK = Buffer.alloc(256 * 1024);

function readMore(file: FileTail): string[] {
  let text = file.rest;
  let bytes: number;
  do {
    bytes = readSync(file.fd, CHUNK, 0, CHUNK.length, file.offset);
    file.offset += bytes;
    text += CHUNK.toString('latin1', 0, bytes);
  } while (bytes === CHUNK.length);
  const end = text.lastIndexOf('\n') + 1;
  file.rest = text.slice(end);
  return text.slice(0, end).split('\n').filter(Boolean);
}

function isSpan(text: string): boolean {
  return text.startsWith('{"kind":"span-');
}

/**
 * Bytes were read as latin1 so that a character that is cut by the end of a chunk survives. Here
 * they are decoded as UTF-8.
 * @returns no value for a torn line, whose process died
 */
function parse<Line extends RecordLine>(text: string): Line[] {
  const line = Buffer.from(text, 'latin1').toString('utf8');
  try {
    return [JSON.parse(line) as Line];
  } catch (error) {
    if (isTornLine(line)) return [];
    throw error;
  }
}
