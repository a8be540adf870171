import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, type KeyRow, type StoredAnswer } from './decide.ts';

// A model of requests with one key, by 2pc: each is a few steps, between which anything may happen.
// The steps do what keys.ts and services/order do to the row; what they decide is the real core.

const LEASE = 10;
const KEEP = 1_000;

interface Attempt {
  name: string;
  fingerprint: string;
  /** What it does next; null: it has ended, or died. */
  next: 'work' | 'commit' | null;
}

/** Has looked and is about to claim, with the locks of its transaction. */
interface Claimant {
  fingerprint: string;
  /** The attempt that it takes over from; undefined: the key is new. */
  from: string | undefined;
}

interface World {
  now: number;
  claimant: Claimant | undefined;
  row: (Omit<KeyRow, 'leaseMs' | 'isExpired'> & { until: number; expires: number }) | undefined;
  attempts: Attempt[];
  /** Orders that are committed, by who placed them: what the key is to keep at one. */
  orders: { by: string; fingerprint: string; at: number }[];
  answers: { fingerprint: string; answer: StoredAnswer; at: number }[];
}

/** How a step may be wrong; `none` is how it is. */
type Mistake = 'none' | 'no-fence' | 'no-lease' | 'no-fingerprint' | 'no-second-look';

/** Looks at the key under its locks, and decides. */
function ask(world: World, fingerprint: string, mistake: Mistake): void {
  const { row, now, claimant } = world;
  const known = row && { ...row, leaseMs: row.until - now, isExpired: row.expires <= now };
  const as = mistake === 'no-fingerprint' ? (row?.fingerprint ?? fingerprint) : fingerprint;
  const alone = claimant === undefined || claimant.fingerprint !== fingerprint;
  const decision = decide(as, { alone, free: claimant === undefined, row: known });
  if (decision.kind === 'replay') {
    world.answers.push({ fingerprint, answer: decision.answer, at: now });
  }
  if (decision.kind === 'new') world.claimant = { fingerprint, from: undefined };
  if (decision.kind === 'take-over') world.claimant = { fingerprint, from: decision.attempt };
}

/** Makes the row its own, if it still is what it looked like: an attempt may have ended since. */
function claim(world: World, { fingerprint, from }: Claimant, mistake: Mistake): void {
  const { row, now } = world;
  world.claimant = undefined;
  const isOver = row !== undefined && (row.answer === null ? row.until <= now : row.expires <= now);
  const isTheirs = row?.attempt === from && (isOver || mistake === 'no-second-look');
  if (from !== undefined && !isTheirs) return;
  const name = `attempt ${world.attempts.length}`;
  const until = now + (mistake === 'no-lease' ? 0 : LEASE);
  world.row = { fingerprint, attempt: name, answer: null, until, expires: now + KEEP };
  world.attempts.push({ name, fingerprint, next: 'work' });
}

function step(world: World, attempt: Attempt, mistake: Mistake): void {
  if (attempt.next === 'work') {
    attempt.next = 'commit';
    return;
  }
  attempt.next = null;
  // Order and answer in one transaction, and only while the key is this attempt's.
  const isOurs = world.row?.attempt === attempt.name && world.row.answer === null;
  if (!isOurs && mistake !== 'no-fence') return;
  const { fingerprint, name: by } = attempt;
  const answer = { status: 202, headers: {}, body: by };
  if (world.row !== undefined) world.row = { ...world.row, answer };
  world.orders.push({ by, fingerprint, at: world.now });
  world.answers.push({ fingerprint, answer, at: world.now });
}

function finish(world: World, attempt: Attempt): void {
  while (attempt.next !== null) step(world, attempt, 'none');
}

type Event =
  | { kind: 'ask'; fingerprint: string }
  | { kind: 'claim' | 'lose' }
  | { kind: 'step' | 'die'; which: number }
  | { kind: 'wait'; for: number };

const just = <const Value>(value: Value) => fc.constant(value);

const events = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: just('ask'), fingerprint: just('tea') }) },
    { weight: 1, arbitrary: fc.record({ kind: just('ask'), fingerprint: just('mug') }) },
    { weight: 4, arbitrary: fc.record({ kind: just('claim') }) },
    { weight: 1, arbitrary: fc.record({ kind: just('lose') }) },
    { weight: 4, arbitrary: fc.record({ kind: just('step'), which: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ kind: just('die'), which: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ kind: just('wait'), for: fc.constantFrom(1, LEASE) }) },
  ),
  { maxLength: 50 },
);

function play(script: Event[], mistake: Mistake = 'none'): World {
  const world: World = {
    now: 0,
    claimant: undefined,
    row: undefined,
    attempts: [],
    orders: [],
    answers: [],
  };
  for (const event of script) {
    if (event.kind === 'wait') world.now += event.for;
    if (event.kind === 'ask') ask(world, event.fingerprint, mistake);
    if (event.kind === 'claim' && world.claimant) claim(world, world.claimant, mistake);
    if (event.kind === 'lose') world.claimant = undefined; // died: its locks went with it
    if (event.kind === 'step' || event.kind === 'die') {
      const alive = world.attempts.filter(({ next }) => next !== null);
      const attempt = alive[event.which % alive.length];
      if (attempt !== undefined && event.kind === 'die') attempt.next = null;
      if (attempt !== undefined && event.kind === 'step') step(world, attempt, mistake);
    }
  }
  return world;
}

/** What is wrong with a world; empty when nothing is. The key does not expire within a script. */
function wrongs({ orders, answers }: World): string[] {
  const texts: string[] = [];
  if (orders.length > 1) texts.push('two orders');
  if (new Set(answers.map(({ answer }) => JSON.stringify(answer))).size > 1) {
    texts.push('two answers');
  }
  if (new Set(answers.map(({ fingerprint }) => fingerprint)).size > 1) {
    texts.push('another request was answered');
  }
  return texts;
}

test('however requests, crashes and time interleave: one order, one answer, one request', () => {
  fc.assert(
    fc.property(events, (script) => {
      expect(wrongs(play(script))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test('however they interleave: once the lease is over, repeating the request finishes it', () => {
  fc.assert(
    fc.property(events, (script) => {
      const world = play([...script, { kind: 'lose' }, { kind: 'wait', for: LEASE }]);
      const fingerprint = world.row?.fingerprint ?? 'tea';
      ask(world, fingerprint, 'none');
      if (world.claimant) claim(world, world.claimant, 'none');
      const mine = world.attempts.at(-1);
      if (mine !== undefined) finish(world, mine);
      expect(world.answers.at(-1)?.fingerprint).toBe(fingerprint);
      expect(wrongs(world)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

const tea: Event = { kind: 'ask', fingerprint: 'tea' };
const claims: Event = { kind: 'claim' };
const lease: Event = { kind: 'wait', for: LEASE };
const first: Event = { kind: 'step', which: 0 };
const second: Event = { kind: 'step', which: 1 };

// The shortest way to each harm, so that no seed decides whether it is seen.
test.each<[Mistake, string, Event[]]>([
  ['no-fence', 'two orders', [tea, claims, lease, tea, claims, second, second, first, first]],
  ['no-second-look', 'two orders', [tea, claims, first, lease, tea, first, claims, first, first]],
  [
    'no-fingerprint',
    'another request was answered',
    [tea, claims, first, first, { kind: 'ask', fingerprint: 'mug' }],
  ],
])('caught: %s, %s', (mistake, harm, script) => {
  expect(wrongs(play(script, mistake))).toContain(harm);
  expect(wrongs(play(script))).toEqual([]);
});

test('without a lease two attempts work at once; the fence still lets only one through', () => {
  const script = [tea, claims, tea, claims];
  const working = (mistake: Mistake) => play(script, mistake).attempts.length;
  expect([working('none'), working('no-lease')]).toEqual([1, 2]);
  fc.assert(fc.property(events, (each) => wrongs(play(each, 'no-lease')).length === 0));
});
