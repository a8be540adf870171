import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, type KeyRow, type StoredAnswer } from './decide.ts';

// A model of requests with one key, by 2pc. Each request is a few steps, and other steps may come
// between them. The steps change the row as keys.ts and services/order do. `decide` has no model.

const LEASE = 10;
const RETAIN = 1_000;

interface Attempt {
  name: string;
  fingerprint: string;
  /** The next step of the attempt; null: the attempt has ended or died. */
  next: 'work' | 'commit' | null;
}

/** A request that has read the row and is about to claim it, with the locks of its transaction. */
interface Claimant {
  fingerprint: string;
  /** The attempt that the claimant takes over from; undefined: the key is new. */
  from: string | undefined;
}

interface World {
  now: number;
  claimant: Claimant | undefined;
  row: (Omit<KeyRow, 'leaseMs' | 'isExpired'> & { until: number; expires: number }) | undefined;
  attempts: Attempt[];
  /** Committed orders and the attempts that placed them. The key must limit the orders to one. */
  orders: { by: string; fingerprint: string; at: number }[];
  answers: { fingerprint: string; answer: StoredAnswer; at: number }[];
}

/** A defect put into a step; `none` is the code as it is. */
type Mistake = 'none' | 'no-fence' | 'no-lease' | 'no-fingerprint' | 'no-recheck';

/** Reads the key under its locks, and decides. */
function request(world: World, fingerprint: string, mistake: Mistake): void {
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

/** Takes the row, if the row is unchanged since it was read: an attempt may have ended since. */
function claim(world: World, { fingerprint, from }: Claimant, mistake: Mistake): void {
  const { row, now } = world;
  world.claimant = undefined;
  const isOver = row !== undefined && (row.answer === null ? row.until <= now : row.expires <= now);
  const isTheirs = row?.attempt === from && (isOver || mistake === 'no-recheck');
  if (from !== undefined && !isTheirs) return;
  const name = `attempt ${world.attempts.length}`;
  const until = now + (mistake === 'no-lease' ? 0 : LEASE);
  world.row = { fingerprint, attempt: name, answer: null, until, expires: now + RETAIN };
  world.attempts.push({ name, fingerprint, next: 'work' });
}

function step(world: World, attempt: Attempt, mistake: Mistake): void {
  if (attempt.next === 'work') {
    attempt.next = 'commit';
    return;
  }
  attempt.next = null;
  // Order and answer are one transaction, and only while the key belongs to this attempt.
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
  | { kind: 'request'; fingerprint: string }
  | { kind: 'claim' | 'lose' }
  | { kind: 'step' | 'die'; which: number }
  | { kind: 'wait'; for: number };

const just = <const Value>(value: Value) => fc.constant(value);

const events = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: just('request'), fingerprint: just('tea') }) },
    { weight: 1, arbitrary: fc.record({ kind: just('request'), fingerprint: just('mug') }) },
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
    if (event.kind === 'request') request(world, event.fingerprint, mistake);
    if (event.kind === 'claim' && world.claimant) claim(world, world.claimant, mistake);
    if (event.kind === 'lose') world.claimant = undefined; // died: its locks are released
    if (event.kind === 'step' || event.kind === 'die') {
      const alive = world.attempts.filter(({ next }) => next !== null);
      const attempt = alive[event.which % alive.length];
      if (attempt !== undefined && event.kind === 'die') attempt.next = null;
      if (attempt !== undefined && event.kind === 'step') step(world, attempt, mistake);
    }
  }
  return world;
}

/** The violations in a world; empty when there are none. The key does not expire in a script. */
function violations({ orders, answers }: World): string[] {
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

test('any interleaving of requests, crashes and time yields one order and one answer', () => {
  fc.assert(
    fc.property(events, (script) => {
      expect(violations(play(script))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test('after any interleaving, a retry of the request succeeds once the lease has ended', () => {
  fc.assert(
    fc.property(events, (script) => {
      const world = play([...script, { kind: 'lose' }, { kind: 'wait', for: LEASE }]);
      const fingerprint = world.row?.fingerprint ?? 'tea';
      request(world, fingerprint, 'none');
      if (world.claimant) claim(world, world.claimant, 'none');
      const mine = world.attempts.at(-1);
      if (mine !== undefined) finish(world, mine);
      expect(world.answers.at(-1)?.fingerprint).toBe(fingerprint);
      expect(violations(world)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

const tea: Event = { kind: 'request', fingerprint: 'tea' };
const claims: Event = { kind: 'claim' };
const lease: Event = { kind: 'wait', for: LEASE };
const first: Event = { kind: 'step', which: 0 };
const second: Event = { kind: 'step', which: 1 };

// The shortest script that shows each defect, so that the test does not depend on a random seed.
test.each<[Mistake, string, Event[]]>([
  ['no-fence', 'two orders', [tea, claims, lease, tea, claims, second, second, first, first]],
  ['no-recheck', 'two orders', [tea, claims, first, lease, tea, first, claims, first, first]],
  [
    'no-fingerprint',
    'another request was answered',
    [tea, claims, first, first, { kind: 'request', fingerprint: 'mug' }],
  ],
])('the model catches the defect %s: %s', (mistake, harm, script) => {
  expect(violations(play(script, mistake))).toContain(harm);
  expect(violations(play(script))).toEqual([]);
});

test('without a lease two attempts work at once, and the fence lets only one commit', () => {
  const script = [tea, claims, tea, claims];
  const working = (mistake: Mistake) => play(script, mistake).attempts.length;
  expect([working('none'), working('no-lease')]).toEqual([1, 2]);
  fc.assert(fc.property(events, (each) => violations(play(each, 'no-lease')).length === 0));
});
