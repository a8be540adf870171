import type { CardCharge } from '@indoubt/contracts';
import { expect, test } from 'vitest';
import {
  type Attempt,
  afterAttempt,
  type ChargeState,
  type ChargeStatus,
  pauseMs,
} from './charge.ts';

const chargeWith = (status: ChargeStatus, mayBeCharged = false): ChargeState => ({
  status,
  mayBeCharged,
});
const answered = (status: CardCharge['status']): Attempt => ({ kind: 'answered', status });
const AWAY: Attempt = { kind: 'failed', code: 'breaker-open', certainty: 'definite' };
const LOST: Attempt = { kind: 'failed', code: 'timed-out', certainty: 'indefinite' };

test('a captured or declined charge is settled, and the saga gets that answer', () => {
  expect(afterAttempt(chargeWith('REQUESTED'), answered('CAPTURED'), 'wait')).toEqual({
    kind: 'settle',
    status: 'CAPTURED',
    answer: { outcome: 'done' },
    onlyIfLatest: false,
  });
  expect(afterAttempt(chargeWith('REQUESTED'), answered('DECLINED'), 'wait')).toMatchObject({
    status: 'DECLINED',
    onlyIfLatest: false,
    answer: { outcome: 'refused', reason: 'payment-declined' },
  });
});

test.each(['CAPTURED', 'DECLINED', 'VOIDED'] as const)(
  'a charge with the final status %s ignores every attempt',
  (final) => {
    for (const late of [answered('CAPTURED'), answered('DECLINED'), AWAY, LOST]) {
      for (const outage of ['wait', 'refuse'] as const) {
        expect(afterAttempt(chargeWith(final), late, outage)).toEqual({ kind: 'ignore' });
      }
    }
  },
);

test('after a lost answer the charge is retried, and the card may be charged', () => {
  for (const outage of ['wait', 'refuse'] as const) {
    const step = afterAttempt(chargeWith('REQUESTED'), LOST, outage);
    expect(step).toEqual({ kind: 'retry', mayBeCharged: true });
  }
});

test('while the processor is unavailable a charge waits or is refused, by the setting', () => {
  const wait = afterAttempt(chargeWith('REQUESTED'), AWAY, 'wait');
  expect(wait).toEqual({ kind: 'retry', mayBeCharged: false });
  expect(afterAttempt(chargeWith('REQUESTED'), AWAY, 'refuse')).toMatchObject({
    kind: 'settle',
    status: 'VOIDED',
    answer: { reason: 'payment-unavailable' },
    onlyIfLatest: true,
  });
});

test('a charge that may have happened, or a hold of a committed order, is never refused', () => {
  const maybe = afterAttempt(chargeWith('REQUESTED', true), AWAY, 'refuse');
  expect(maybe).toEqual({ kind: 'retry', mayBeCharged: true });
  expect(afterAttempt(chargeWith('HELD'), AWAY, 'refuse').kind).toBe('retry');
});

test('a definite failure that is not an outage (a wrong secret, a bug) is retried', () => {
  const wrong: Attempt = { kind: 'failed', code: 'not-allowed', certainty: 'definite' };
  expect(afterAttempt(chargeWith('REQUESTED'), wrong, 'refuse').kind).toBe('retry');
});

test('the back-off grows up to a second, with full jitter', () => {
  expect(pauseMs(1, () => 1)).toBe(100);
  expect(pauseMs(10, () => 1)).toBe(1_000);
  expect(pauseMs(10, () => 0)).toBe(0);
});
