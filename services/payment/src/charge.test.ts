import type { CardCharge } from '@indoubt/contracts';
import { expect, test } from 'vitest';
import {
  type Attempt,
  afterAttempt,
  type ChargeState,
  type ChargeStatus,
  pauseMs,
} from './charge.ts';

const asked = (status: ChargeStatus, mayBeCharged = false): ChargeState => ({
  status,
  mayBeCharged,
});
const answered = (status: CardCharge['status']): Attempt => ({ kind: 'answered', status });
const AWAY: Attempt = { kind: 'failed', code: 'breaker-open', certainty: 'definite' };
const LOST: Attempt = { kind: 'failed', code: 'timed-out', certainty: 'indefinite' };

test('captured or declined: settled, and the saga is answered so', () => {
  expect(afterAttempt(asked('REQUESTED'), answered('CAPTURED'), 'wait')).toEqual({
    kind: 'settle',
    status: 'CAPTURED',
    answer: { outcome: 'done' },
    onlyIfLatest: false,
  });
  expect(afterAttempt(asked('REQUESTED'), answered('DECLINED'), 'wait')).toMatchObject({
    status: 'DECLINED',
    onlyIfLatest: false,
    answer: { outcome: 'refused', reason: 'payment-declined' },
  });
});

test.each(['CAPTURED', 'DECLINED', 'VOIDED'] as const)(
  '%s is final: nothing changes it',
  (final) => {
    for (const late of [answered('CAPTURED'), answered('DECLINED'), AWAY, LOST]) {
      for (const outage of ['wait', 'refuse'] as const) {
        expect(afterAttempt(asked(final), late, outage)).toEqual({ kind: 'ignore' });
      }
    }
  },
);

test('an answer that was lost: asked again, and from then on it may be charged', () => {
  for (const outage of ['wait', 'refuse'] as const) {
    const step = afterAttempt(asked('REQUESTED'), LOST, outage);
    expect(step).toEqual({ kind: 'retry', mayBeCharged: true });
  }
});

test('the processor is away: waited for, or refused, as the shop wants it', () => {
  const wait = afterAttempt(asked('REQUESTED'), AWAY, 'wait');
  expect(wait).toEqual({ kind: 'retry', mayBeCharged: false });
  expect(afterAttempt(asked('REQUESTED'), AWAY, 'refuse')).toMatchObject({
    kind: 'settle',
    status: 'VOIDED',
    answer: { reason: 'payment-unavailable' },
    onlyIfLatest: true,
  });
});

test('what may be charged is never refused, nor is a hold of a committed order', () => {
  const maybe = afterAttempt(asked('REQUESTED', true), AWAY, 'refuse');
  expect(maybe).toEqual({ kind: 'retry', mayBeCharged: true });
  expect(afterAttempt(asked('HELD'), AWAY, 'refuse').kind).toBe('retry');
});

test('a refusal that is no outage (a wrong secret, a bug) gives up no order', () => {
  const wrong: Attempt = { kind: 'failed', code: 'not-allowed', certainty: 'definite' };
  expect(afterAttempt(asked('REQUESTED'), wrong, 'refuse').kind).toBe('retry');
});

test('pauses grow to a second, and are drawn from all of that', () => {
  expect(pauseMs(1, () => 1)).toBe(100);
  expect(pauseMs(10, () => 1)).toBe(1_000);
  expect(pauseMs(10, () => 0)).toBe(0);
});
