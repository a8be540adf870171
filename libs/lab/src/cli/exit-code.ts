import { Failure } from '@indoubt/failure';
import type { Verdict } from '../evidence/run-result.ts';

/** Exit codes of the command. */
export const EXIT = { holds: 0, broken: 1, unknown: 2, interrupted: 130 } as const;

/** `broken` before `unknown` before `holds`: a violation outweighs an unknown run. */
export function worstVerdict(verdicts: Verdict[]): Verdict {
  if (verdicts.includes('broken')) return 'broken';
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'holds')
    ? 'holds'
    : 'unknown';
}

/** The exit code of a command that failed before it had a verdict. */
export function exitCodeOfError(error: unknown): number {
  const isInterrupt = error instanceof Failure && error.code === 'interrupted';
  return isInterrupt ? EXIT.interrupted : EXIT.unknown;
}

/** A Failure is explained by its message. Any other error is a bug, so its stack is printed. */
export function explainError(error: unknown): string {
  if (error instanceof Failure) return error.message;
  if (!(error instanceof Error)) return `a bug in the lab: ${String(error)}`;
  return `a bug in the lab: ${error.stack ?? error.message}`;
}
