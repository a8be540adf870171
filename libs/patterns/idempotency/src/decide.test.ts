import { expect, test } from 'vitest';
import { type Decision, decide, type KeyRow, type Seen } from './decide.ts';

const ANSWER = { status: 202, headers: { Location: '/orders/1' }, body: { id: '1' } };
const ROW: KeyRow = {
  fingerprint: 'tea',
  attempt: 'first',
  answer: null,
  leaseMs: 500,
  isExpired: false,
};

function seen(row: Partial<KeyRow> | undefined, locks: Partial<Seen> = {}): Seen {
  return { alone: true, free: true, row: row && { ...ROW, ...row }, ...locks };
}

const done = { answer: ANSWER, leaseMs: -1 };

test.each<[string, Seen, Decision]>([
  ['an unknown key is new', seen(undefined), { kind: 'new' }],
  ['an answered request is replayed', seen(done), { kind: 'replay', answer: ANSWER }],
  [
    'a request in progress under a lease is in use until the lease ends',
    seen({ leaseMs: 500 }),
    { kind: 'in-use', retryAfterMs: 500 },
  ],
  [
    'a request in progress in an open transaction is in use',
    seen(undefined, { alone: false, free: false }),
    { kind: 'in-use', retryAfterMs: 1_000 },
  ],
  [
    'a request whose lease has ended is taken over',
    seen({ leaseMs: 0 }),
    { kind: 'take-over', attempt: 'first' },
  ],
  [
    'an answered key that has expired is taken over',
    seen({ ...done, isExpired: true }),
    { kind: 'take-over', attempt: 'first' },
  ],
  [
    'an expired key whose lease has ended is taken over',
    seen({ leaseMs: -5, isExpired: true }),
    { kind: 'take-over', attempt: 'first' },
  ],
  [
    'an expired key whose request is still in progress is in use',
    seen({ leaseMs: 5, isExpired: true }),
    { kind: 'in-use', retryAfterMs: 5 },
  ],
])('%s', (_what, before, expected) => {
  expect(decide('tea', before)).toEqual(expected);
});

test.each<[string, Partial<Seen>]>([
  ['the same request', { alone: false, free: false }],
  ['a different request', { free: false }],
])('a stored answer is replayed even while %s holds the locks', (_what, locks) => {
  expect(decide('tea', seen(done, locks))).toEqual({ kind: 'replay', answer: ANSWER });
});

test('while a different request holds the lock, the first request is "in use"', () => {
  const { kind } = decide('tea', seen({ leaseMs: -1 }, { free: false }));
  expect(kind).toBe('in-use');
});

test('a client waits at most a second even if the lease lasts longer', () => {
  const decision = decide('tea', seen({ leaseMs: 15_000 }));
  expect(decision).toEqual({ kind: 'in-use', retryAfterMs: 1_000 });
});

test.each<[string, Seen]>([
  ['is answered', seen(done)],
  ['is in progress under a lease', seen({ leaseMs: 500 })],
  ['is in progress in an open transaction', seen(undefined, { free: false })],
  ['died', seen({ leaseMs: -1 })],
])('a different request is a mismatch if the first request of its key %s', (_what, row) => {
  expect(decide('mug', row)).toEqual({ kind: 'mismatch' });
});

test('a different request takes over a key that has expired', () => {
  const before = seen({ ...done, isExpired: true });
  expect(decide('mug', before)).toEqual({ kind: 'take-over', attempt: 'first' });
});

// Every combination of the inputs.
const BOOLEANS = [true, false];
const all: Seen[] = BOOLEANS.flatMap((alone) =>
  BOOLEANS.flatMap((free) =>
    [
      undefined,
      ...['tea', 'mug'].flatMap((fingerprint) =>
        [ANSWER, null].flatMap((answer) =>
          [1, 0, -1].flatMap((leaseMs) =>
            BOOLEANS.map((isExpired) => ({ ...ROW, fingerprint, answer, leaseMs, isExpired })),
          ),
        ),
      ),
    ].map((row) => ({ alone, free, row })),
  ),
);

test('only the same request gets a replay, and the replay is its own answer', () => {
  for (const each of all) {
    const decision = decide('tea', each);
    if (decision.kind !== 'replay') continue;
    expect(each.row).toMatchObject({ fingerprint: 'tea', answer: decision.answer });
  }
});

test('work begins only while no other attempt can be in progress', () => {
  for (const each of all) {
    if (!['new', 'take-over'].includes(decide('tea', each).kind)) continue;
    expect(each).toMatchObject({ alone: true, free: true });
    const { row } = each;
    expect(row === undefined || row.answer !== null || row.leaseMs <= 0).toBe(true);
  }
});

test('without a lock or a live lease no request is answered "in use"', () => {
  const left = all.filter((each) => each.alone && each.free && (each.row?.leaseMs ?? 0) <= 0);
  const kinds = new Set(left.map((each) => decide('tea', each).kind));
  expect(kinds).toEqual(new Set(['new', 'take-over', 'replay', 'mismatch']));
});
