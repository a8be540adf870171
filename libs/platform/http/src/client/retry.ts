import { Failure, type FailureCode } from '@indoubt/failure';
import type { RetryBudget } from './retry-budget.ts';

export interface RetrySettings {
  /** The first one counts. */
  attemptsMax: number;
  /** The first pause is shorter than this, the next than twice this, and so on. Milliseconds. */
  pauseMs: number;
  pauseMaxMs: number;
  /** Retries for each request that was made, as 0.1 for one in ten. */
  budgetShare: number;
  /** Retries that may be made in a row without having been earned. */
  budgetMax: number;
}

/** Whoever asks, these say that nothing has happened: asking again cannot do it twice. */
const NOT_BEGUN: FailureCode[] = ['not-reached', 'overloaded'];
/** It may have happened, or may be happening: to be repeated only with a key, or without effect. */
const UNKNOWN: FailureCode[] = [
  'timed-out',
  'service-unavailable',
  'database-unavailable',
  'idempotency-key-in-use',
];
/** Ours, about the last attempt only: of those before it they know nothing. */
const NOT_TRIED: FailureCode[] = [...NOT_BEGUN, 'breaker-open', 'bulkhead-full'];

export interface Retrying {
  settings: RetrySettings;
  budget: RetryBudget;
  /** The same request twice is as good as once. */
  isRepeatable: boolean;
  /** Milliseconds that are left for all of it. */
  leftMs(): number;
  /** From 0 to below 1. */
  random(): number;
  wait(ms: number): Promise<unknown>;
}

/**
 * Makes an attempt, and perhaps more. It stops at an answer, at a failure that must not be
 * repeated, after the last attempt, when the pause would outlast the deadline, or when the budget
 * is spent.
 * @param attempt told its number, from 1
 * @throws Failure of the last attempt; of an earlier one when that is in doubt and the last was not
 *   made: what may have happened does not become definite by failing to ask again
 */
export async function retrying<T>(
  parts: Retrying,
  attempt: (number: number) => Promise<T>,
): Promise<T> {
  parts.budget.earn();
  let inDoubt: Failure | undefined;
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const known = inDoubt !== undefined && NOT_TRIED.includes(error.code) ? inDoubt : error;
      if (!mayRepeat(error, parts.isRepeatable) || number >= parts.settings.attemptsMax)
        throw known;
      const pauseMs = pauseAfter(error, number, parts);
      if (pauseMs >= parts.leftMs() || !parts.budget.spend()) throw known;
      if (error.certainty === 'indefinite') inDoubt = error;
      await parts.wait(pauseMs);
    }
  }
}

function mayRepeat({ code }: Failure, isRepeatable: boolean): boolean {
  return NOT_BEGUN.includes(code) || (isRepeatable && UNKNOWN.includes(code));
}

/**
 * Full jitter, and never earlier than the target asked for.
 * @see Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog (2015)
 */
function pauseAfter(error: Failure, number: number, { settings, random }: Retrying): number {
  const { pauseMs, pauseMaxMs } = settings;
  const jittered = random() * Math.min(pauseMaxMs, pauseMs * 2 ** (number - 1));
  return Math.max(jittered, error.retryAfterMs ?? 0);
}
