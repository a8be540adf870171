import { backOffMs, Failure, type FailureCode } from '@indoubt/failure';
import type { RetryBudget } from './retry-budget.ts';

export interface RetrySettings {
  /** Including the first attempt. */
  attemptsMax: number;
  /** The first pause is shorter than this, the next than twice this, and so on. Milliseconds. */
  pauseMs: number;
  pauseMaxMs: number;
  /** The part of a retry that each request adds to the budget: 0.1 is one in ten requests. */
  budgetShare: number;
  /** The highest budget, and the budget at the start. */
  budgetMax: number;
}

/** The request was not begun: a retry cannot carry it out twice. */
const NOT_BEGUN: FailureCode[] = ['not-reached', 'overloaded'];
/** The request may have been carried out: retried only if it has a key, or no effect. */
const UNKNOWN: FailureCode[] = [
  'timed-out',
  'service-unavailable',
  'database-unavailable',
  'idempotency-key-in-use',
];
/** This attempt was not carried out, which says nothing about earlier attempts. */
const NOT_TRIED: FailureCode[] = [...NOT_BEGUN, 'breaker-open', 'bulkhead-full'];

export interface Retrying {
  settings: RetrySettings;
  budget: RetryBudget;
  /** Whether the same request may be sent twice without another effect. */
  isRepeatable: boolean;
  /** Milliseconds that are left for all attempts. */
  leftMs(): number;
  /** From 0 to below 1. */
  random(): number;
  wait(ms: number): Promise<unknown>;
}

/**
 * Makes an attempt, and retries. It stops at an answer, at a failure that must not be retried,
 * after the last attempt, when the pause would outlast the deadline, or when the budget is spent.
 * @param attempt gets the number of the attempt, from 1
 * @throws Failure of the last attempt. When the last attempt was not sent and an earlier attempt is
 *   in doubt, the failure of the earlier attempt: a retry that was not sent makes nothing definite
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

/** The back-off, or the Retry-After of the target if that is longer. Milliseconds. */
function pauseAfter(error: Failure, number: number, { settings, random }: Retrying): number {
  const backOff = { baseMs: settings.pauseMs, maxMs: settings.pauseMaxMs };
  return Math.max(backOffMs(backOff, number, random()), error.retryAfterMs ?? 0);
}
