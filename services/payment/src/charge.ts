import type { CardCharge, StepAnswer } from '@indoubt/contracts';
import type { FailureCode } from '@indoubt/failure';
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
      /** Written only if no other attempt has begun since: that one may be asking. */
      onlyIfLatest: boolean;
    }
  /** Asked again, with the same key. */
  | { kind: 'again'; mayBeCharged: boolean }
  /** It has ended before: what comes late changes nothing. */
  | { kind: 'ignore' };

/** Nothing has left this process, and nothing will: the processor was not there to be asked. */
const AWAY: readonly FailureCode[] = ['not-reached', 'breaker-open', 'bulkhead-full', 'overloaded'];

/**
 * What an attempt means for a charge. Pure, and total. A card that may be charged is asked about
 * until it is known: only what has certainly never been asked can be given up. An answer is true
 * whoever writes it down; that nobody has asked, only the latest attempt can say.
 */
export function afterAttempt(charge: ChargeState, attempt: Attempt, outage: Outage): ChargeStep {
  const { status, mayBeCharged } = charge;
  if (status !== 'REQUESTED' && status !== 'HELD') return { kind: 'ignore' };
  if (attempt.kind === 'answered') return afterAnswer(charge, attempt.status);
  if (attempt.certainty === 'indefinite') return { kind: 'again', mayBeCharged: true };
  const isUnasked = status === 'REQUESTED' && !mayBeCharged && AWAY.includes(attempt.code);
  if (!isUnasked || outage === 'wait') return { kind: 'again', mayBeCharged };
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
  // No answer to what was asked: the two books differ, which reconciliation will tell.
  return { kind: 'again', mayBeCharged: true };
}

/** A refusal because cards cannot be charged now: definite, and nothing is taken. */
export function unavailable(why: string): StepAnswer {
  const detail = `the card processor cannot be asked: ${why}`;
  return { outcome: 'refused', reason: 'payment-unavailable', detail };
}

const PAUSE_MS = 50;
const PAUSE_MAX_MS = 1_000;

/**
 * Full jitter, so that those who failed together do not come back together. Milliseconds.
 * @param attempt from 1
 */
export function pauseMs(attempt: number, random: () => number): number {
  return Math.ceil(random() * Math.min(PAUSE_MS * 2 ** attempt, PAUSE_MAX_MS));
}
