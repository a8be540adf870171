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
  ['nobody has ever sent it', seen(undefined), { kind: 'new' }],
  ['the same is answered', seen(done), { kind: 'replay', answer: ANSWER }],
  [
    'the same is under way, with a lease',
    seen({ leaseMs: 500 }),
    { kind: 'in-use', retryAfterMs: 500 },
  ],
  [
    'the same is under way, in an open transaction',
    seen(undefined, { alone: false, free: false }),
    { kind: 'in-use', retryAfterMs: 1_000 },
  ],
  [
    'its attempt died: the lease is over',
    seen({ leaseMs: 0 }),
    { kind: 'take-over', attempt: 'first' },
  ],
  [
    'it expired, answered',
    seen({ ...done, isExpired: true }),
    { kind: 'take-over', attempt: 'first' },
  ],
  [
    'it expired, its attempt dead',
    seen({ leaseMs: -5, isExpired: true }),
    { kind: 'take-over', attempt: 'first' },
  ],
  [
    'it expired, and is still under way',
    seen({ leaseMs: 5, isExpired: true }),
    { kind: 'in-use', retryAfterMs: 5 },
  ],
])('%s', (_what, before, expected) => {
  expect(decide('tea', before)).toEqual(expected);
});

test.each<[string, Partial<Seen>]>([
  ['the same request', { alone: false, free: false }],
  ['a wrong one', { free: false }],
])('an answer is given again also while %s has the locks for a moment', (_what, locks) => {
  expect(decide('tea', seen(done, locks))).toEqual({ kind: 'replay', answer: ANSWER });
});

test('a wrong request that has the lock for a moment does not make the right one wrong', () => {
  const { kind } = decide('tea', seen({ leaseMs: -1 }, { free: false }));
  expect(kind).toBe('in-use');
});

test('a long lease is not waited for to its end: the work will be over before', () => {
  const decision = decide('tea', seen({ leaseMs: 15_000 }));
  expect(decision).toEqual({ kind: 'in-use', retryAfterMs: 1_000 });
});

test.each<[string, Seen]>([
  ['is answered', seen(done)],
  ['is under way, with a lease', seen({ leaseMs: 500 })],
  ['is under way, in an open transaction', seen(undefined, { free: false })],
  ['died', seen({ leaseMs: -1 })],
])(
  'another request with a key whose own %s: refused, and never told to come back',
  (_what, row) => {
    expect(decide('mug', row)).toEqual({ kind: 'mismatch' });
  },
);

test('another request with a key that expired is a new request', () => {
  const before = seen({ ...done, isExpired: true });
  expect(decide('mug', before)).toEqual({ kind: 'take-over', attempt: 'first' });
});

// Every combination there is, so that no case is left to chance.
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

test('only the very request is answered again, and only with its own answer', () => {
  for (const each of all) {
    const decision = decide('tea', each);
    if (decision.kind !== 'replay') continue;
    expect(each.row).toMatchObject({ fingerprint: 'tea', answer: decision.answer });
  }
});

test('work begins only where nobody else can be at work', () => {
  for (const each of all) {
    if (!['new', 'take-over'].includes(decide('tea', each).kind)) continue;
    expect(each).toMatchObject({ alone: true, free: true });
    const { row } = each;
    expect(row === undefined || row.answer !== null || row.leaseMs <= 0).toBe(true);
  }
});

test('nothing is in use for ever: without locks and lease, no request is told to come back', () => {
  const left = all.filter((each) => each.alone && each.free && (each.row?.leaseMs ?? 0) <= 0);
  const kinds = new Set(left.map((each) => decide('tea', each).kind));
  expect(kinds).toEqual(new Set(['new', 'take-over', 'replay', 'mismatch']));
});
