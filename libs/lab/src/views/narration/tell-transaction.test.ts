import { EVENT_NAMES } from '@indoubt/record';
import { expect, test } from 'vitest';
import { eventLine, ORDER_ID } from '../../evidence/record/sample-lines.fixture.ts';
import { createPaint } from '../../text/paint.ts';
import { COLUMNS_MAX, formatSentence } from './format-sentence.ts';
import { narrate } from './narrate.ts';

type Fields = Record<string, unknown>;

function told(event: string, fields: Fields, isAgain = false, process = 'inventory') {
  return narrate(eventLine(process, 0, { event, orderId: ORDER_ID, ...fields }), isAgain);
}

const GID = `lab-1a2b3c4d/inventory/${ORDER_ID}`;
const participants = ['inventory', 'payment', 'order'];
const yes = { vote: 'yes', reason: null, gid: GID, tookMs: 3.2, again: false };
const no = { ...yes, vote: 'no' };
const ended = { decision: 'commit', how: 'done', heldMs: 14.3 };
const committed = { decision: 'commit', reason: null, durable: true, participants };
const declined = { decision: 'abort', reason: 'payment-declined', durable: false, participants };
const asked = { gid: GID, ageMs: 1_234 };

const SENTENCES: [string, Fields, string][] = [
  [
    'transaction-begun',
    { participants, presume: 'abort', branches: 'parallel' },
    'begins: inventory, payment, order (parallel, presume abort)',
  ],
  ['vote-received', { from: 'payment', ...yes }, 'has the vote of payment: yes'],
  [
    'vote-received',
    { from: 'payment', vote: 'no', reason: 'payment-declined' },
    'has the vote of payment: no, payment-declined',
  ],
  ['decision-made', committed, 'decides commit: durable, from here it cannot change'],
  [
    'decision-made',
    { ...committed, durable: false, participants: [] },
    'decides commit (nobody is left to be told)',
  ],
  ['decision-made', declined, 'decides abort: payment-declined (nothing written: presumed abort)'],
  [
    'decision-made',
    { ...declined, participants: [] },
    'decides abort: payment-declined (nobody is left to be told)',
  ],
  [
    'decision-made',
    { ...declined, durable: true },
    'decides abort: payment-declined (durable: nothing is presumed)',
  ],
  [
    'decision-told-again',
    { to: 'inventory', decision: 'commit', attempt: 1 },
    'tells commit again to inventory, time 2',
  ],
  [
    'decision-told-again',
    { to: 'order', decision: null, attempt: 2 },
    'asks order again to commit in one phase, time 3',
  ],
  [
    'transaction-ended',
    { decision: 'commit' },
    'transaction ended: commit, nobody is left to be told',
  ],
  ['branch-voted', yes, 'votes yes: prepared (3.2 ms)'],
  [
    'branch-voted',
    { ...yes, again: true },
    'votes yes again: prepared before, no second effect (3.2 ms)',
  ],
  [
    'branch-voted',
    { ...yes, vote: 'read-only' },
    'votes read-only: wrote nothing, needs no phase two (3.2 ms)',
  ],
  ['branch-voted', { ...no, reason: 'payment-declined' }, 'votes no: payment-declined'],
  ['branch-voted', { ...no, reason: 'timed-out', again: true }, 'votes no: timed-out'],
  [
    'branch-voted',
    { ...no, reason: 'transaction-aborted', again: true },
    'votes no: the abort came before this prepare',
  ],
  ['branch-ended', ended, 'commits its branch; locks held 14 ms'],
  ['branch-ended', { ...ended, heldMs: null }, 'commits its branch'],
  ['branch-ended', { ...ended, decision: 'abort' }, 'rolls its branch back; locks held 14 ms'],
  [
    'branch-ended',
    { ...ended, how: 'already', heldMs: null },
    'told again: its branch is committed already',
  ],
  [
    'branch-ended',
    { decision: 'abort', how: 'already', heldMs: null },
    'told again: its branch is rolled back already',
  ],
  [
    'branch-ended',
    { decision: 'abort', how: 'tombstone', heldMs: null },
    'an abort with nothing prepared: leaves a tombstone',
  ],
  [
    'branch-ended',
    { decision: 'commit', how: 'one-phase' },
    'commits its branch in one phase: that is the decision',
  ],
  [
    'in-doubt-asked',
    { ...asked, decision: 'abort' },
    'in doubt for 1.2 s: asks the coordinator, which says abort',
  ],
  [
    'in-doubt-asked',
    { ...asked, decision: 'undecided' },
    'in doubt for 1.2 s: asks the coordinator, which has not decided',
  ],
  [
    'in-doubt-asked',
    { ...asked, decision: 'unknown', reason: 'not-reached' },
    'in doubt: no coordinator answers (not-reached); the locks stay',
  ],
  [
    'orphan-found',
    { orderId: undefined, gid: 'batch-42', ageMs: 5_020 },
    'orphan: batch-42, prepared 5.0 s ago, is not ours: an operator must look',
  ],
  [
    'heuristic-decision',
    { gid: GID, decision: 'commit' },
    'heuristic decision: commits the branch of inventory, by hand',
  ],
  [
    'heuristic-decision',
    { orderId: undefined, gid: 'batch/42', decision: 'abort' },
    'heuristic decision: rolls batch/42 back, by hand',
  ],
  [
    'heuristic-damage',
    { gid: GID, decision: 'commit', did: 'abort' },
    'heuristic damage: told commit, but its branch is rolled back for good',
  ],
  [
    'heuristic-damage',
    { gid: GID, decision: 'abort', did: 'commit' },
    'heuristic damage: told abort, but its branch is committed for good',
  ],
  ['epoch-taken', { epoch: 1, recovered: 0 }, 'takes epoch 1; nothing is left open in its log'],
  ['epoch-taken', { epoch: 2, recovered: 1 }, 'takes epoch 2; its log leaves 1 transaction to end'],
  [
    'coordinator-superseded',
    {},
    'superseded by a newer epoch: process 4711 decides nothing any more',
  ],
];

test.each(SENTENCES)('%s %j', (event, fields, text) => {
  expect(told(event, fields)?.text).toBe(text);
});

test('every event of two-phase commit has its sentence here', () => {
  const first = EVENT_NAMES.indexOf('transaction-begun');
  const last = EVENT_NAMES.indexOf('coordinator-superseded');
  const names = new Set(SENTENCES.map(([event]) => event));
  expect([...names].toSorted()).toEqual(EVENT_NAMES.slice(first, last + 1).toSorted());
});

test.each(SENTENCES)('%s %j fits in two lines of 100 columns', (event, fields) => {
  const { text = '', mark = 'plain' } = told(event, fields) ?? {};
  const sentence = { atMs: 12_345, process: 'coordinator', label: 'AB', text, mark };
  const lines = formatSentence({ ...sentence, isDetail: false }, createPaint(false)).split('\n');
  expect(lines.length).toBeLessThanOrEqual(2);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(COLUMNS_MAX);
});

test('a decision that a new coordinator finds in its log is not decided a second time', () => {
  expect(told('decision-made', committed, true)).toEqual({
    text: 'its log says commit: tells inventory, payment, order',
    mark: 'restart',
  });
});

test('an epoch is news only when another one went before', () => {
  const fields = { epoch: 2, recovered: 0 };
  expect(told('epoch-taken', fields)).toMatchObject({ isDetail: true });
  expect(told('epoch-taken', fields, true)).toMatchObject({ isDetail: false, mark: 'restart' });
});

test('what the vote already told is a detail, and so is the end once it is decided', () => {
  expect(told('vote-received', { from: 'payment', ...yes })).toMatchObject({ isDetail: true });
  expect(told('transaction-ended', ended)).toMatchObject({ isDetail: true });
  expect(told('decision-made', committed)?.isDetail ?? false).toBe(false);
});

test('the order service is told of every transaction twice: that is no news', () => {
  const again = { ...ended, how: 'already' };
  expect(told('branch-ended', again, false, 'order')).toMatchObject({ isDetail: true });
  expect(told('branch-ended', again, false, 'payment')).toMatchObject({ isDetail: false });
});

test.each([
  ['in-doubt-asked', { ...asked, decision: 'commit' }, 'in-doubt', 'in doubt'],
  ['branch-voted', { ...no, reason: 'timed-out', again: true }, 'refused', 'no'],
  ['branch-voted', { ...yes, again: true }, 'again', 'again'],
  ['decision-told-again', { to: 'order', decision: 'abort', attempt: 1 }, 'again', 'again'],
  ['decision-made', committed, 'good', 'commit'],
  ['decision-made', declined, 'refused', 'abort'],
  ['orphan-found', { gid: 'batch-42' }, 'trouble', 'orphan'],
  ['heuristic-damage', { decision: 'commit', did: 'abort' }, 'trouble', 'damage'],
])('%s is marked %j, and says in a word what the mark says', (event, fields, mark, word) => {
  expect(told(event, fields)).toMatchObject({ mark, text: expect.stringContaining(word) });
});
