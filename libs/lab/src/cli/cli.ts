import { isatty } from 'node:tty';
import type { Environment } from '../infrastructure/provider.ts';
import { COLUMNS_MAX } from '../text/columns-max.ts';
import { createPaint, type Paint } from '../text/paint.ts';

/** The part of an output stream that the commands use. */
export interface Output {
  write(text: string): void;
  /** True when a person watches, so that lines may be rewritten. */
  isTerminal: boolean;
  columns: number;
  /** True after the reader has closed its end, as `| head` does. */
  isClosed(): boolean;
  paint: Paint;
}

/** What a command gets instead of the process's globals. */
export interface Cli {
  /** The checkout. */
  root: string;
  env: Environment;
  /** Aborted by Ctrl-C: stop everything, then leave with 130. */
  signal: AbortSignal;
  out: Output;
  err: Output;
}

/**
 * NO_COLOR (no-color.org) comes first, then FORCE_COLOR, then the kind of the stream. The rule of
 * picocolors does not fit: picocolors colours a pipe as soon as CI is set.
 */
export function wantsColour(env: Environment, isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] !== undefined) return !['0', 'false'].includes(env['FORCE_COLOR']);
  return isTerminal && env['TERM'] !== 'dumb';
}

export function createOutput(
  stream: NodeJS.WriteStream & { fd: number },
  env: Environment,
): Output {
  let isClosed = false;
  // A reader may close its end early (EPIPE) without an error. Any other failure, such as a full
  // disk, is an error.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isClosed = true;
  });
  const isTerminal = isatty(stream.fd); // isTTY is undefined, and not false, for a pipe
  return {
    write: (text) => void (isClosed || stream.write(text)),
    isTerminal: isTerminal && env['TERM'] !== 'dumb',
    columns: Math.min(stream.columns || COLUMNS_MAX, COLUMNS_MAX),
    isClosed: () => isClosed,
    paint: createPaint(wantsColour(env, isTerminal)),
  };
}

/** One JSON document on stdout. */
export function writeJson(cli: Cli, document: unknown): void {
  cli.out.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** Gets the exit code of the command that ran. */
export type Finish = (exitCode: number) => void;
