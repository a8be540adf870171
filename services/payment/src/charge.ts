import type { CardCharge, StepAnswer } from '@indoubt/contracts';
import { backOffMs, type FailureCode } from '@indoubt/failure';
import { declined } from './account.ts';

export type ChargeStatus = 'REQUESTED' | 'HELD' | 'CAPTURED' | 'DECLINED' | 'VOIDED';

/** The state on which the next step of a charge depends. */
export interface ChargeState {
  status: ChargeStatus;
  /** An earlier attempt whose result is unknown may have charged the card. */
  mayBeCharged: boolean;
}

/** How one attempt at the card processor ended. */
export type Attempt =
  | { kind: 'answered'; status: CardCharge['status'] }
  | { kind: 'failed'; code: FailureCode; certainty: 'definite' | 'indefinite' };

/** While the processor is unavailable, orders wait for it or are refused. */
export type Outage = 'wait' | 'refuse';

export type ChargeStep =
  /** The charge ends; `answer` is sent to the saga, if there is one. */
  | {
      kind: 'settle';
      status: 'CAPTURED' | 'DECLINED' | 'VOIDED';
      answer: StepAnswer;
      /** Write only if no other attempt has begun since, since the other may be in flight. */
      onlyIfLatest: boolean;
    }
  /** The request is sent again with the same key. */
  | { kind: 'retry'; mayBeCharged: boolean }
  /** The charge has already ended: a late result changes nothing. */
  | { kind: 'ignore' };

/** Failures after which the request was certainly not sent. */
const AWAY: readonly FailureCode[] = ['not-reached', 'breaker-open', 'bulkhead-full', 'overloaded'];

/**
 * The next step of a charge after an attempt. Pure. A charge that may have happened is retried
 * until its result is known: only a charge that was certainly never sent can be given up. An answer
 * holds for every attempt, but only the latest attempt can prove that no request was sent.
 */
export function afterAttempt(charge: ChargeState, attempt: Attempt, outage: Outage): ChargeStep {
  const { status, mayBeCharged } = charge;
  if (status !== 'REQUESTED' && status !== 'HELD') return { kind: 'ignore' };
  if (attempt.kind === 'answered') return afterAnswer(charge, attempt.status);
  if (attempt.certainty === 'indefinite') return { kind: 'retry', mayBeCharged: true };
  const isUnsent = status === 'REQUESTED' && !mayBeCharged && AWAY.includes(attempt.code);
  if (!isUnsent || outage === 'wait') return { kind: 'retry', mayBeCharged };
  const answer = unavailable(attempt.code);
  return { kind: 'settle', status: 'VOIDED', answer, onlyIfLatest: true };
}

function afterAnswer({ status }: ChargeState, answered: CardCharge['status']): ChargeStep {
  if (answered === 'CAPTURED') {
    const answer: StepAnswer = { outcome: 'done' };
    return { kind: 'settle', status: 'CAPTURED', answer, onlyIfLatest: false };
  }
  if (status === 'REQUESTED' && answered === 'DECLINED') {
    const answer = declined('the card was declined');
    return { kind: 'settle', status: 'DECLINED', answer, onlyIfLatest: false };
  }
  // This does not answer the request: the two books differ, and reconciliation will report it.
  return { kind: 'retry', mayBeCharged: true };
}

/** A definite refusal because cards cannot be charged now: no money is taken. */
export function unavailable(why: string): StepAnswer {
  const detail = `the card processor is unavailable: ${why}`;
  return { outcome: 'refused', reason: 'payment-unavailable', detail };
}

const BACK_OFF = { baseMs: 100, maxMs: 1_000 };

/** Whole milliseconds until the next attempt. @param attempt the failed attempt, from 1 */
export function pauseMs(attempt: number, random: () => number): number {
  return Math.ceil(backOffMs(BACK_OFF, attempt, random()));
}
