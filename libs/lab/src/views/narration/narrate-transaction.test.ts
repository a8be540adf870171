import { EVENT_NAMES } from '@indoubt/record';
import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { eventLine, type SampleEvent } from '../../evidence/record/sample-lines.fixture.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { createPaint } from '../../text/paint.ts';
import { formatSentence } from './format-sentence.ts';
import { narrate } from './narrate.ts';

function narrated(event: SampleEvent, isAgain = false, process = 'inventory') {
  return narrate(eventLine(process, 0, event), isAgain);
}

const GID = `lab-1a2b3c4d/inventory/${ORDER_ID}`;
const participants = ['inventory', 'payment', 'order'];
const yes = { vote: 'yes', reason: null, gid: GID, tookMs: 3.2, repeated: false } as const;
const no = { ...yes, vote: 'no' } as const;
const ended = { decision: 'commit', how: 'done', heldMs: 14.3 } as const;
const committed = { decision: 'commit', reason: null, durable: true, participants } as const;
const aborted = { decision: 'abort', durable: false, participants } as const;
const declined = { ...aborted, reason: 'payment-declined' };
const inDoubt = { gid: GID, ageMs: 1_234 };

const SENTENCES: [SampleEvent, string][] = [
  [
    { event: 'transaction-begun', participants, presume: 'abort', branches: 'parallel' },
    'begins: inventory, payment, order (parallel, presume abort)',
  ],
  [
    { event: 'vote-received', from: 'payment', vote: 'yes', reason: null },
    'received the vote of payment: yes',
  ],
  [
    { event: 'vote-received', from: 'payment', vote: 'no', reason: 'payment-declined' },
    'received the vote of payment: no, payment-declined',
  ],
  [{ event: 'decision-made', ...committed }, 'decides commit: durable, the decision is final'],
  [
    { event: 'decision-made', ...committed, durable: false, participants: [] },
    'decides commit (no participant needs the decision)',
  ],
  [
    { event: 'decision-made', ...declined },
    'decides abort: payment-declined (no log record: presumed abort)',
  ],
  [
    { event: 'decision-made', ...declined, participants: [] },
    'decides abort: payment-declined (no participant needs the decision)',
  ],
  [
    { event: 'decision-made', ...declined, durable: true },
    'decides abort: payment-declined (durable: presume nothing)',
  ],
  [
    { event: 'decision-resent', to: 'inventory', decision: 'commit', attempt: 1 },
    'sends commit again to inventory, attempt 2',
  ],
  [
    { event: 'decision-resent', to: 'order', decision: null, attempt: 2 },
    'sends the one-phase commit again to order, attempt 3',
  ],
  [
    { event: 'transaction-ended', decision: 'commit' },
    'transaction ended: commit, all participants have the decision',
  ],
  [{ event: 'branch-voted', ...yes }, 'votes yes: prepared (3.2 ms)'],
  [
    { event: 'branch-voted', ...yes, repeated: true },
    'votes yes again: prepared before, no second effect (3.2 ms)',
  ],
  [
    { event: 'branch-voted', ...yes, vote: 'read-only' },
    'votes read-only: wrote nothing, needs no phase two (3.2 ms)',
  ],
  [{ event: 'branch-voted', ...no, reason: 'payment-declined' }, 'votes no: payment-declined'],
  [{ event: 'branch-voted', ...no, reason: 'timed-out', repeated: true }, 'votes no: timed-out'],
  [
    { event: 'branch-voted', ...no, reason: 'transaction-aborted', repeated: true },
    'votes no: the abort came before this prepare',
  ],
  [{ event: 'branch-ended', ...ended }, 'commits its branch; locks held 14 ms'],
  [{ event: 'branch-ended', ...ended, heldMs: null }, 'commits its branch'],
  [
    { event: 'branch-ended', ...ended, decision: 'abort' },
    'rolls its branch back; locks held 14 ms',
  ],
  [
    { event: 'branch-ended', ...ended, how: 'already', heldMs: null },
    'received the decision again: its branch is already committed',
  ],
  [
    { event: 'branch-ended', decision: 'abort', how: 'already', heldMs: null },
    'received the decision again: its branch is already rolled back',
  ],
  [
    { event: 'branch-ended', decision: 'abort', how: 'tombstone', heldMs: null },
    'aborts without a prepared branch: leaves a tombstone',
  ],
  [
    { event: 'branch-ended', decision: 'commit', how: 'one-phase' },
    'commits its branch in one phase: this commit is the decision',
  ],
  [
    { event: 'outcome-requested', ...inDoubt, decision: 'abort' },
    'in doubt for 1.2 s: asks the coordinator, which says abort',
  ],
  [
    { event: 'outcome-requested', ...inDoubt, decision: 'undecided' },
    'in doubt for 1.2 s: asks the coordinator, which has not decided',
  ],
  [
    { event: 'outcome-requested', ...inDoubt, decision: 'unknown', reason: 'not-reached' },
    'in doubt: no coordinator answers (not-reached); the locks stay',
  ],
  [
    { event: 'orphan-found', gid: 'batch-42', ageMs: 5_020 },
    'orphan: batch-42, prepared 5.0 s ago, is unknown here: an operator must resolve it',
  ],
  [
    { event: 'heuristic-decision', gid: GID, decision: 'commit' },
    'heuristic decision: commits the branch of inventory, by hand',
  ],
  [
    { event: 'heuristic-decision', orderId: undefined, gid: 'batch/42', decision: 'abort' },
    'heuristic decision: rolls batch/42 back, by hand',
  ],
  [
    { event: 'heuristic-damage', gid: GID, decision: 'commit', applied: 'abort' },
    'heuristic damage: decision commit, but the branch was rolled back',
  ],
  [
    { event: 'heuristic-damage', gid: GID, decision: 'abort', applied: 'commit' },
    'heuristic damage: decision abort, but the branch was committed',
  ],
  [
    { event: 'epoch-taken', epoch: 1, recovered: 0 },
    'takes epoch 1; its log has no unfinished transaction',
  ],
  [
    { event: 'epoch-taken', epoch: 2, recovered: 1 },
    'takes epoch 2; its log has 1 unfinished transaction',
  ],
  [
    { event: 'coordinator-superseded' },
    'superseded by a newer epoch: process 4711 makes no more decisions',
  ],
];

test.each(SENTENCES)('the narration of %j is: %s', (event, text) => {
  expect(narrated(event)?.text).toBe(text);
});

test('this test covers the sentence of every event of two-phase commit', () => {
  const first = EVENT_NAMES.indexOf('transaction-begun');
  const last = EVENT_NAMES.indexOf('coordinator-superseded');
  const names = new Set(SENTENCES.map(([{ event }]) => event));
  expect([...names].toSorted()).toEqual(EVENT_NAMES.slice(first, last + 1).toSorted());
});

test.each(SENTENCES)('the sentence of %j fits in two lines of 100 columns', (event) => {
  const { text = '', mark = 'plain' } = narrated(event) ?? {};
  const sentence = { atMs: 12_345, process: 'coordinator', label: 'AB', text, mark };
  const lines = formatSentence({ ...sentence, isDetail: false }, createPaint(false)).split('\n');
  expect(lines.length).toBeLessThanOrEqual(2);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(COLUMNS_MAX);
});

test('a decision that a new coordinator finds in its log is not narrated as a new decision', () => {
  expect(narrated({ event: 'decision-made', ...committed }, true)).toEqual({
    text: 'found commit in its log: sends it to inventory, payment, order',
    mark: 'restart',
  });
});

test('the first epoch of a run is a detail, and a later epoch is a restart', () => {
  const taken = { event: 'epoch-taken', epoch: 2, recovered: 0 } as const;
  expect(narrated(taken)).toMatchObject({ isDetail: true });
  expect(narrated(taken, true)).toMatchObject({ isDetail: false, mark: 'restart' });
});

test('a received vote and the end of a transaction are details, and a decision is not', () => {
  expect(
    narrated({ event: 'vote-received', from: 'payment', vote: 'yes', reason: null }),
  ).toMatchObject({ isDetail: true });
  expect(narrated({ event: 'transaction-ended' })).toMatchObject({ isDetail: true });
  expect(narrated({ event: 'decision-made', ...committed })?.isDetail ?? false).toBe(false);
});

test('the second decision that the order service receives is a detail', () => {
  const again = { event: 'branch-ended', ...ended, how: 'already' } as const;
  expect(narrated(again, false, 'order')).toMatchObject({ isDetail: true });
  expect(narrated(again, false, 'payment')).toMatchObject({ isDetail: false });
});

test.each<[SampleEvent, string, string]>([
  [{ event: 'outcome-requested', ...inDoubt, decision: 'commit' }, 'in-doubt', 'in doubt'],
  [{ event: 'branch-voted', ...no, reason: 'timed-out', repeated: true }, 'refused', 'no'],
  [{ event: 'branch-voted', ...yes, repeated: true }, 'again', 'again'],
  [{ event: 'decision-resent', to: 'order', decision: 'abort', attempt: 1 }, 'again', 'again'],
  [{ event: 'decision-made', ...committed }, 'good', 'commit'],
  [{ event: 'decision-made', ...declined }, 'refused', 'abort'],
  [{ event: 'orphan-found', gid: 'batch-42' }, 'trouble', 'orphan'],
  [{ event: 'heuristic-damage', decision: 'commit', applied: 'abort' }, 'trouble', 'damage'],
])('the narration of %j has the mark %s and contains the word %s', (event, mark, word) => {
  expect(narrated(event)).toMatchObject({ mark, text: expect.stringContaining(word) });
});
