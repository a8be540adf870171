import type { CardCharge } from '@indoubt/contracts';
import { expect, test } from 'vitest';
import {
  type Attempt,
  afterAttempt,
  type ChargeState,
  type ChargeStatus,
  type Outage,
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
  });
  expect(afterAttempt(asked('REQUESTED'), answered('DECLINED'), 'wait')).toMatchObject({
    status: 'DECLINED',
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
    expect(step).toEqual({ kind: 'again', mayBeCharged: true });
  }
});

test('the processor is away: waited for, or refused, as the shop wants it', () => {
  const wait = afterAttempt(asked('REQUESTED'), AWAY, 'wait');
  expect(wait).toEqual({ kind: 'again', mayBeCharged: false });
  expect(afterAttempt(asked('REQUESTED'), AWAY, 'refuse')).toMatchObject({
    kind: 'settle',
    status: 'VOIDED',
    answer: { reason: 'payment-unavailable' },
  });
});

test('what may be charged is never refused, nor is a hold of a committed order', () => {
  const maybe = afterAttempt(asked('REQUESTED', true), AWAY, 'refuse');
  expect(maybe).toEqual({ kind: 'again', mayBeCharged: true });
  expect(afterAttempt(asked('HELD'), AWAY, 'refuse').kind).toBe('again');
});

test('a refusal that is no outage (a wrong secret, a bug) gives up no order', () => {
  const wrong: Attempt = { kind: 'failed', code: 'not-allowed', certainty: 'definite' };
  expect(afterAttempt(asked('REQUESTED'), wrong, 'refuse').kind).toBe('again');
});

/** What can happen to a charge, one thing after another. `died`: asked, and then a crash. */
type Event = 'charged' | 'lost-before' | 'lost-after' | 'away' | 'died-before' | 'died-after';
const EVENTS: Event[] = [
  'charged',
  'lost-before',
  'lost-after',
  'away',
  'died-before',
  'died-after',
];

interface World {
  state: ChargeState;
  /** Charges in the processor's books: by its key, so at most one. */
  charges: Set<string>;
  answers: string[];
}

type After = typeof afterAttempt;

/** One attempt of a worker that may die, against a processor that knows keys. */
function play(world: World, event: Event, outage: Outage, after: After): void {
  const { state, charges } = world;
  if (state.status !== 'REQUESTED') return;
  // The claim, on disk before anything is asked.
  const before = { ...state };
  world.state = { ...state, mayBeCharged: true };
  if (event === 'died-before') return;
  const reaches = event === 'charged' || event === 'lost-after' || event === 'died-after';
  if (reaches) charges.add('k');
  if (event === 'died-after') return;
  const attempt = event === 'charged' ? answered('CAPTURED') : event === 'away' ? AWAY : LOST;
  const step = after(before, attempt, outage);
  if (step.kind === 'again') world.state = { ...state, mayBeCharged: step.mayBeCharged };
  if (step.kind !== 'settle') return;
  world.state = { ...state, status: step.status };
  world.answers.push(step.answer.outcome);
}

/** Every sequence of up to five events, then a processor that answers. */
function everyRun(outage: Outage, after: After): World[] {
  let runs: Event[][] = [[]];
  const all: World[] = [];
  for (let length = 0; length <= 5; length += 1) {
    for (const run of runs) {
      const world: World = { state: asked('REQUESTED'), charges: new Set(), answers: [] };
      for (const event of [...run, 'charged'] as const) play(world, event, outage, after);
      all.push(world);
    }
    runs = runs.flatMap((run) => EVENTS.map((event) => [...run, event]));
  }
  return all;
}

const wrong = ({ state, charges, answers }: World) =>
  answers.length !== 1 || (answers[0] === 'done') !== charges.has('k') || state.status === 'HELD';

test.each(['wait', 'refuse'] as const)(
  'every order of asked, lost, away and died (%s): answered once, as the card was charged',
  (outage) => {
    const runs = everyRun(outage, afterAttempt);
    expect(runs.length).toBeGreaterThan(9_000);
    expect(runs.filter(wrong)).toEqual([]);
  },
);

test('the same search catches who refuses although the card may be charged', () => {
  const hasty: After = (charge, attempt, outage) =>
    afterAttempt({ ...charge, mayBeCharged: false }, attempt, outage);
  expect(everyRun('refuse', hasty).some(wrong)).toBe(true);
});

test('and who takes a lost answer for a refusal', () => {
  const guess: After = (charge, attempt, outage) =>
    afterAttempt(charge, attempt === LOST ? AWAY : attempt, outage);
  expect(everyRun('refuse', guess).some(wrong)).toBe(true);
});

test('pauses grow to a second, and are drawn from all of that', () => {
  expect(pauseMs(1, () => 1)).toBe(100);
  expect(pauseMs(10, () => 1)).toBe(1_000);
  expect(pauseMs(10, () => 0)).toBe(0);
});
