import { isatty } from 'node:tty';
import type { Environment } from '../infrastructure/provider.ts';
import { COLUMNS_MAX } from '../text/columns-max.ts';
import { createPaint, type Paint } from '../text/paint.ts';

/** A stream of the terminal, as far as the commands need it. */
export interface Output {
  write(text: string): void;
  /** A person watches, so lines may be rewritten. */
  isTerminal: boolean;
  columns: number;
  /** True once nobody reads any more, as after `| head`. */
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
 * NO_COLOR (no-color.org) beats FORCE_COLOR beats what the stream is. Not picocolors' own rule:
 * that one colours a pipe as soon as CI is set.
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
  // A reader that has seen enough (EPIPE) is no error of ours; a full disk behind a file is.
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

/** Takes the exit code of the command that ran. */
export type Finish = (exitCode: number) => void;
