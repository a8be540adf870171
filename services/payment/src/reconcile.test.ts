import type { CardCharge, FindingKind } from '@indoubt/contracts';
import { expect, test } from 'vitest';
import type { ChargeStatus } from './charge.ts';
import { compareBooks, compareCharge, type OwnCharge } from './reconcile.ts';

const ORDER = '0198c5a0-0000-7000-8000-000000000001';
const AT = '2026-11-21T10:00:00.000Z';

const own = (status: ChargeStatus): OwnCharge => ({
  key: 'k',
  orderId: ORDER,
  amountCents: 500,
  card: 'card-dora',
  status,
});
const their = (status: CardCharge['status']): CardCharge => ({
  id: ORDER,
  key: 'k',
  card: 'card-dora',
  amountCents: 500,
  reference: ORDER,
  status,
  createdAt: AT,
  updatedAt: AT,
});

/** Status here, status there, and the finding. */
const PAIRS: [ChargeStatus | '-', CardCharge['status'] | '-', FindingKind][] = [
  ['REQUESTED', '-', 'not-requested-yet'],
  ['REQUESTED', 'CAPTURED', 'answer-lost'],
  ['REQUESTED', 'DECLINED', 'answer-lost'],
  ['REQUESTED', 'HELD', 'differs'],
  ['REQUESTED', 'VOIDED', 'differs'],
  ['HELD', '-', 'missing-there'],
  ['HELD', 'CAPTURED', 'answer-lost'],
  ['HELD', 'DECLINED', 'differs'],
  ['HELD', 'HELD', 'capture-due'],
  ['HELD', 'VOIDED', 'charged-here-only'],
  ['CAPTURED', '-', 'missing-there'],
  ['CAPTURED', 'CAPTURED', 'agrees'],
  ['CAPTURED', 'DECLINED', 'charged-here-only'],
  ['CAPTURED', 'HELD', 'charged-here-only'],
  ['CAPTURED', 'VOIDED', 'charged-here-only'],
  ['DECLINED', '-', 'missing-there'],
  ['DECLINED', 'CAPTURED', 'charged-there-only'],
  ['DECLINED', 'DECLINED', 'agrees'],
  ['DECLINED', 'HELD', 'charged-there-only'],
  ['VOIDED', '-', 'agrees'],
  ['VOIDED', 'CAPTURED', 'charged-there-only'],
  ['VOIDED', 'HELD', 'charged-there-only'],
  ['VOIDED', 'VOIDED', 'agrees'],
  ['-', 'CAPTURED', 'charged-there-only'],
  ['-', 'DECLINED', 'agrees'],
  ['-', 'HELD', 'hold-of-nobody'],
  ['-', 'VOIDED', 'agrees'],
];

test.each(PAIRS)(
  'status %s here and %s at the processor is the finding %s',
  (here, there, kind) => {
    const ours = here === '-' ? [] : [own(here)];
    const theirs = there === '-' ? [] : [their(there)];
    const [finding, ...others] = compareBooks(ours, theirs, new Set());
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind, orderId: ORDER, key: 'k' });
    expect(finding?.here).toBe(here === '-' ? null : here);
    expect(finding?.there).toBe(there === '-' ? null : there);
    expect(finding?.explanation).not.toBe('');
    expect(finding?.next).not.toBe('');
  },
);

test('a hold whose branch is prepared is in doubt', () => {
  const held = compareCharge(undefined, their('HELD'), true);
  expect(held?.kind).toBe('hold-in-doubt');
  // A prepared branch changes no other finding.
  expect(compareCharge(undefined, their('CAPTURED'), true)?.kind).toBe('charged-there-only');
});

test.each([
  ['amount', { amountCents: 501 }],
  ['card', { card: 'card-emil' }],
  ['order', { reference: '0198c5a0-0000-7000-8000-000000000002' }],
])(
  'a charge with the same key and another %s differs whatever its statuses are',
  (_what, other) => {
    const there = { ...their('CAPTURED'), ...other };
    expect(compareCharge(own('CAPTURED'), there, false)?.kind).toBe('differs');
    expect(compareCharge(own('REQUESTED'), there, false)?.kind).toBe('differs');
  },
);

test('a charge that is missing in one of two equal books is found', () => {
  const keys = ['a', 'b', 'c'];
  const ours = keys.map((key) => ({ ...own('CAPTURED'), key }));
  const theirs = keys.map((key) => ({ ...their('CAPTURED'), key }));
  const kinds = (...books: Parameters<typeof compareBooks>) =>
    compareBooks(...books).map(({ key, kind }) => `${key} ${kind}`);
  expect(kinds(ours, theirs, new Set())).toEqual(['a agrees', 'b agrees', 'c agrees']);
  for (const gone of keys) {
    const rest = <T extends { key: string }>(all: T[]) => all.filter(({ key }) => key !== gone);
    expect(kinds(rest(ours), theirs, new Set())).toContain(`${gone} charged-there-only`);
    expect(kinds(ours, rest(theirs), new Set())).toContain(`${gone} missing-there`);
  }
});
