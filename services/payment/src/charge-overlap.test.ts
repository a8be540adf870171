import { expect, test } from 'vitest';
import { type Attempt, afterAttempt, type ChargeState, type Outage } from './charge.ts';

type After = typeof afterAttempt;

const CAPTURED: Attempt = { kind: 'answered', status: 'CAPTURED' };
const AWAY: Attempt = { kind: 'failed', code: 'breaker-open', certainty: 'definite' };
const LOST: Attempt = { kind: 'failed', code: 'timed-out', certainty: 'indefinite' };

/** One attempt of a worker in progress. It may take any time. */
interface Flying {
  number: number;
  /** The row before the claim. */
  before: ChargeState;
  at: 'claimed' | 'requested' | Attempt;
}

interface World {
  row: ChargeState & { attempts: number };
  flying: Flying[];
  /** A request was sent. It may arrive long after the time-out of its sender. */
  sent: boolean;
  /** Whether the processor has charged the card. The key prevents a second charge. */
  charged: boolean;
  /** The outcomes that the saga got. */
  answers: string[];
}

/** Three attempts: the second can overtake the first, and the third the second. */
const ATTEMPTS_MAX = 3;
const START: World = {
  row: { status: 'REQUESTED', mayBeCharged: false, attempts: 0 },
  flying: [],
  sent: false,
  charged: false,
  answers: [],
};

/**
 * A lease does not prevent overlap: another attempt may begin while a slow attempt still runs. The
 * claim is on disk before a request.
 */
function claim(world: World): World[] {
  const { row, flying } = world;
  if (row.status !== 'REQUESTED' || row.attempts >= ATTEMPTS_MAX) return [];
  const { status, mayBeCharged } = row;
  const number = row.attempts + 1;
  const one: Flying = { number, before: { status, mayBeCharged }, at: 'claimed' };
  const claimed = { ...row, attempts: number, mayBeCharged: true };
  return [{ ...world, row: claimed, flying: [...flying, one] }];
}

/** The next steps of one attempt. An attempt may die at any time. */
function proceed(world: World, one: Flying, outage: Outage, after: After): World[] {
  const others = world.flying.filter((each) => each !== one);
  const died = { ...world, flying: others };
  const to = (at: Flying['at']) => [...others, { ...one, at }];
  if (one.at === 'claimed') {
    const away = { ...world, flying: to(AWAY) };
    return [died, away, { ...world, sent: true, flying: to('requested') }];
  }
  if (one.at !== 'requested') return [died, written(died, one, after(one.before, one.at, outage))];
  const lost = { ...world, flying: to(LOST) };
  return [died, lost, ...(world.charged ? [{ ...world, flying: to(CAPTURED) }] : [])];
}

/**
 * Writes like charge-store.ts: only the latest attempt may delay a charge. A settlement requires
 * the latest attempt if it is marked onlyIfLatest.
 */
function written(world: World, one: Flying, step: ReturnType<After>): World {
  const { row, answers } = world;
  const isLatest = row.attempts === one.number;
  if (row.status !== one.before.status || step.kind === 'ignore') return world;
  if (step.kind === 'retry') {
    return isLatest ? { ...world, row: { ...row, mayBeCharged: step.mayBeCharged } } : world;
  }
  if (step.onlyIfLatest && !isLatest) return world;
  const settled = { ...row, status: step.status, mayBeCharged: false };
  return { ...world, row: settled, answers: [...answers, step.answer.outcome] };
}

/** All reachable worlds, with attempts that overlap or die, and requests that arrive late. */
function everyWorld(outage: Outage, after: After): World[] {
  const seen = new Map<string, World>();
  const ahead = [START];
  for (let world = ahead.pop(); world !== undefined; world = ahead.pop()) {
    const name = JSON.stringify(world);
    if (seen.has(name)) continue;
    seen.set(name, world);
    ahead.push(...claim(world));
    for (const one of world.flying) ahead.push(...proceed(world, one, outage, after));
    if (world.sent && !world.charged) ahead.push({ ...world, charged: true });
  }
  return [...seen.values()];
}

/**
 * Whether the saga was answered twice, refused although charged, or answered done although not
 * charged.
 */
const wrong = ({ answers, charged, row }: World) =>
  answers.length > 1 ||
  (answers[0] === 'refused' && charged) ||
  (answers[0] === 'done' && !charged) ||
  (answers.length === 1) !== (row.status !== 'REQUESTED');

/** The world after all attempts die and a new attempt gets the answer that the card is charged. */
function finished(world: World, outage: Outage, after: After): World {
  if (world.row.status !== 'REQUESTED') return world;
  const { row } = world;
  const one: Flying = { number: row.attempts + 1, before: row, at: CAPTURED };
  const claimed = { ...row, attempts: one.number, mayBeCharged: true };
  const alone = { ...world, row: claimed, flying: [], sent: true, charged: true };
  return written(alone, one, after(one.before, CAPTURED, outage));
}

test.each(['wait', 'refuse'] as const)(
  'with overlapping attempts and the setting %s, the saga gets one correct answer',
  (outage) => {
    const worlds = everyWorld(outage, afterAttempt);
    expect(worlds.length).toBeGreaterThan(1_000);
    expect(worlds.some(({ flying }) => flying.length === ATTEMPTS_MAX)).toBe(true);
    expect(worlds.filter(wrong)).toEqual([]);
    const ends = worlds.map((world) => finished(world, outage, afterAttempt));
    expect(ends.filter((end) => wrong(end) || end.answers.length !== 1)).toEqual([]);
  },
);

test('an outage can refuse an order with the setting refuse, but not with wait', () => {
  const isRefused = ({ row }: World) => row.status === 'VOIDED';
  expect(everyWorld('refuse', afterAttempt).some(isRefused)).toBe(true);
  expect(everyWorld('wait', afterAttempt).some(isRefused)).toBe(false);
});

const WRONG: [string, After][] = [
  [
    'a refusal although the card may be charged',
    (charge, attempt, outage) => afterAttempt({ ...charge, mayBeCharged: false }, attempt, outage),
  ],
  [
    'a lost answer that counts as a refusal',
    (charge, attempt, outage) => afterAttempt(charge, attempt === LOST ? AWAY : attempt, outage),
  ],
  [
    'a refusal although another attempt has begun',
    (charge, attempt, outage) => {
      const step = afterAttempt(charge, attempt, outage);
      return step.kind === 'settle' ? { ...step, onlyIfLatest: false } : step;
    },
  ],
];

test.each(WRONG)('the search catches the defect: %s', (_what, after) => {
  expect(everyWorld('refuse', after).some(wrong)).toBe(true);
});
