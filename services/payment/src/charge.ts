import type { CardCharge, StepAnswer } from '@indoubt/contracts';
import { backOffMs, type FailureCode } from '@indoubt/failure';
import { declined } from './account.ts';

export type ChargeStatus = 'REQUESTED' | 'HELD' | 'CAPTURED' | 'DECLINED' | 'VOIDED';

/** What decides how a charge goes on. */
export interface ChargeState {
  status: ChargeStatus;
  /** An earlier attempt may have charged the card, and nobody has heard so. */
  mayBeCharged: boolean;
}

/** How one attempt at the card processor ended. */
export type Attempt =
  | { kind: 'answered'; status: CardCharge['status'] }
  | { kind: 'failed'; code: FailureCode; certainty: 'definite' | 'indefinite' };

/** While the processor is away: let orders wait for it, or refuse them. */
export type Outage = 'wait' | 'refuse';

export type ChargeStep =
  /** The end; `answer` goes to the saga, if one waits. */
  | {
      kind: 'settle';
      status: 'CAPTURED' | 'DECLINED' | 'VOIDED';
      answer: StepAnswer;
      /** Written only if no other attempt has begun since: the other may be in flight. */
      onlyIfLatest: boolean;
    }
  /** Sent again, with the same key. */
  | { kind: 'retry'; mayBeCharged: boolean }
  /** It has ended before: what comes late changes nothing. */
  | { kind: 'ignore' };

/** Nothing has left this process, and nothing will: the processor could not be reached. */
const AWAY: readonly FailureCode[] = ['not-reached', 'breaker-open', 'bulkhead-full', 'overloaded'];

/**
 * What an attempt means for a charge. Pure, and total. The charge of a card that may be charged is
 * retried until its end is known: only a charge that was certainly never sent can be given up. An
 * answer is true for every attempt; that nothing was sent, only the latest attempt knows.
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
  // Not an answer to this request: the two books differ, which reconciliation will report.
  return { kind: 'retry', mayBeCharged: true };
}

/** A refusal because cards cannot be charged now: definite, and nothing is taken. */
export function unavailable(why: string): StepAnswer {
  const detail = `the card processor cannot be asked: ${why}`;
  return { outcome: 'refused', reason: 'payment-unavailable', detail };
}

const BACK_OFF = { baseMs: 100, maxMs: 1_000 };

/** The pause before the next attempt, in whole milliseconds. @param attempt that failed, from 1 */
export function pauseMs(attempt: number, random: () => number): number {
  return Math.ceil(backOffMs(BACK_OFF, attempt, random()));
}
