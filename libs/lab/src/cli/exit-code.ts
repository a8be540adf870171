import { Failure } from '@indoubt/failure';
import type { Verdict } from '../evidence/run-result.ts';

/** What the command tells the shell. */
export const EXIT = { holds: 0, broken: 1, unknown: 2, interrupted: 130 } as const;

/** A proven breach outweighs a run that proved nothing. */
export function worstVerdict(verdicts: Verdict[]): Verdict {
  if (verdicts.includes('broken')) return 'broken';
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === 'holds')
    ? 'holds'
    : 'unknown';
}

/** Whatever went wrong before there was a verdict: it could not run, or it was interrupted. */
export function exitCodeOfError(error: unknown): number {
  const isInterrupt = error instanceof Failure && error.code === 'interrupted';
  return isInterrupt ? EXIT.interrupted : EXIT.unknown;
}

/** A failure says all there is to say; anything else is a bug, and its stack says where. */
export function explainError(error: unknown): string {
  if (error instanceof Failure) return error.message;
  if (!(error instanceof Error)) return `a bug: ${String(error)}`;
  return `a bug in the lab: ${error.stack ?? error.message}`;
}
