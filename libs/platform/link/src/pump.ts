import type { Readable, Writable } from 'node:stream';
import type { Direction } from './direction.ts';

/** Carries one direction of one connection. */
export interface Pump {
  /** Continues after the faults have changed, or after the connection was opened. */
  resume(): void;
  /** Drops the bytes in the buffer. */
  stop(): void;
}

export interface PumpOptions {
  source: Readable;
  sink: Writable;
  direction: Direction;
  /** False while the sink is not connected yet. */
  isOpen: () => boolean;
}

interface Piece {
  /** Null stands for the end: the source sends no more. */
  bytes: Buffer | null;
  arrivedMs: number;
  dueMs: number;
}

/** With this many bytes in the buffer the source is paused, so its sender must wait. */
const BUFFERED_BYTES_MAX = 64 * 1024;

/** Bytes that were read from the source and are not written to the sink. */
interface Queue {
  pieces: Piece[];
  bytes: number;
}

/**
 * Starts to carry bytes, and then the end, from source to sink: in order, not earlier than the
 * faults of the direction allow, and not more than the sink takes.
 */
export function startPump(options: PumpOptions): Pump {
  const { source, sink, direction } = options;
  const queue: Queue = { pieces: [], bytes: 0 };
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    const waitMs = carry(queue, options);
    if (waitMs > 0) timer = setTimeout(flush, waitMs).unref();
    if (queue.bytes >= BUFFERED_BYTES_MAX) source.pause();
    else if (source.isPaused()) source.resume();
  };
  const take = (bytes: Buffer | null): void => {
    const arrivedMs = performance.now();
    queue.pieces.push({ bytes, arrivedMs, dueMs: arrivedMs + direction.delayMs() });
    queue.bytes += bytes?.length ?? 0;
    flush();
  };
  source.on('data', take);
  source.on('end', () => take(null));
  sink.on('drain', flush);
  return {
    resume() {
      for (const piece of queue.pieces) piece.dueMs = piece.arrivedMs + direction.delayMs();
      flush();
    },
    stop() {
      clearTimeout(timer);
      empty(queue);
    },
  };
}

function empty(queue: Queue): void {
  queue.pieces.length = 0;
  queue.bytes = 0;
}

/**
 * Writes all bytes that may go now.
 * @returns milliseconds until more may go; 0: wait for an event
 */
function carry(queue: Queue, { sink, direction, isOpen }: PumpOptions): number {
  for (let first = queue.pieces[0]; first !== undefined; first = queue.pieces[0]) {
    if (sink.destroyed) {
      empty(queue);
      return 0;
    }
    if (direction.isBlocked()) direction.recordBlocked();
    if (direction.isBlocked() || !isOpen() || sink.writableNeedDrain) return 0;
    const waitMs = send(first, queue, { sink, direction });
    if (waitMs > 0) return waitMs;
  }
  return 0;
}

/** Writes as much of the first piece as may go. @returns milliseconds until it may; 0: written */
function send(
  first: Piece,
  queue: Queue,
  { sink, direction }: Pick<PumpOptions, 'sink' | 'direction'>,
): number {
  const nowMs = performance.now();
  if (first.dueMs > nowMs) return Math.ceil(first.dueMs - nowMs);
  if (first.bytes === null) {
    queue.pieces.shift();
    sink.end();
    return 0;
  }
  const { bytes, waitMs } = direction.take(first.bytes.length, nowMs);
  if (bytes === 0) return waitMs;
  if (bytes === first.bytes.length) queue.pieces.shift();
  sink.write(first.bytes.subarray(0, bytes));
  first.bytes = first.bytes.subarray(bytes);
  queue.bytes -= bytes;
  return 0;
}
