import { expect, test } from 'vitest';
import { align } from './alignment.ts';
import type { ReportData, ReportEvent } from './report-data.ts';
import { sampleReport } from './sample-report.fixture.ts';

type Short = [process: string, event: string, text: string, more?: Partial<ReportEvent>];

function run(...events: Short[]): ReportData {
  return {
    ...sampleReport('saga'),
    events: events.map(([process, event, text, more], id) => ({
      id,
      atMs: id,
      process,
      order: 'A',
      event,
      text,
      mark: 'plain',
      isDetail: false,
      traceId: null,
      spanId: null,
      ...more,
    })),
  };
}

/** Each row as `left|right`, `-` for a gap. */
function rowsOf(left: ReportData, right: ReportData): string[] {
  return align(left, right).map((row) => `${row.left ?? '-'}|${row.right ?? '-'}`);
}

const PLACED: Short = ['order', 'order-placed', 'order placed: PENDING'];
const SENT: Short = ['relay-order', 'message-sent', 'sent reserve-stock to x (waited 3 ms)'];
const HELD: Short = ['inventory', 'message-handled', 'reserve-stock done (2 ms)'];
const PAID: Short = ['payment', 'message-handled', 'capture-payment done (4 ms)'];
const ENDED: Short = ['order', 'order-ended', 'order CONFIRMED'];

test('two runs of the same story at different times: every event is paired', () => {
  const later: Short = ['inventory', 'message-handled', 'reserve-stock done (17.5 ms)'];
  expect(rowsOf(run(PLACED, SENT, HELD), run(PLACED, SENT, later))).toEqual(['0|0', '1|1', '2|2']);
});

test('an event of only one run leaves a gap in the other run, and the rest stays aligned', () => {
  const again: Short = ['relay-order', 'message-sent', 'sent again: reserve-stock to x'];
  expect(rowsOf(run(PLACED, SENT, HELD, ENDED), run(PLACED, SENT, again, HELD, ENDED))).toEqual([
    '0|0',
    '1|1',
    '-|2',
    '2|3',
    '3|4',
  ]);
});

test('saga against 2PC: a step is paired with a vote, the completion with the decision', () => {
  const saga = run(
    PLACED,
    ['order', 'saga-advanced', 'saga started; sends the command reserve-stock'],
    SENT,
    HELD,
    PAID,
    ['order', 'saga-advanced', 'capture-payment done; saga completed'],
    ENDED,
  );
  const together = run(
    PLACED,
    ['coordinator', 'transaction-begun', 'begins: inventory, payment, order'],
    ['inventory', 'branch-voted', 'votes yes'],
    ['payment', 'branch-voted', 'votes yes'],
    ['order', 'branch-voted', 'votes yes'],
    ['coordinator', 'decision-made', 'decides commit'],
    ENDED,
  );
  const rows = ['0|0', '1|1', '2|-', '3|2', '4|3', '-|4', '5|5', '6|6'];
  expect(rowsOf(saga, together)).toEqual(rows);
});

test('saga against 2PC: the turn to compensation is paired with the decision to abort', () => {
  const refused: Short = ['payment', 'message-handled', 'capture-payment refused: declined'];
  const turn = 'capture-payment refused: declined; compensation: sends the command release-stock';
  const saga = run(
    PLACED,
    HELD,
    refused,
    ['order', 'saga-advanced', turn, { mark: 'compensation' }],
    ['inventory', 'message-handled', 'compensation release-stock done', { mark: 'compensation' }],
    ['order', 'saga-advanced', 'release-stock done; compensation complete (declined)'],
    ENDED,
  );
  const together = run(
    PLACED,
    ['inventory', 'branch-voted', 'votes yes: prepared'],
    ['payment', 'branch-voted', 'votes no: declined'],
    ['coordinator', 'decision-made', 'decides abort: declined (no log record: presumed abort)'],
    ['inventory', 'branch-ended', 'rolls its branch back; locks held 3 ms'],
    ENDED,
  );
  const rows = ['0|0', '1|1', '2|2', '3|3', '4|4', '5|-', '6|5'];
  expect(rowsOf(saga, together)).toEqual(rows);
});

test('a step of a process has more weight than its restart', () => {
  const up: Short[] = ['payment', 'relay-payment', 'inventory'].map((process) => [
    process,
    'service-ready',
    'ready again',
  ]);
  const again: Short = ['payment', 'message-handled', 'capture-payment again: same answer'];
  const crash: Short = ['payment', 'process-killed', 'killed'];
  const left = run(PAID, crash, ...up, PAID);
  const right = run(PAID, crash, again, ...up);
  const rows = rowsOf(left, right);
  expect(rows).toContain('0|0');
  expect(rows).toContain('1|1');
  expect(rows).toContain('5|2');
  // A restart is paired with a restart when that separates no other pair.
  expect(rowsOf(run(...up), run(...up))).toEqual(['0|0', '1|1', '2|2']);
});

test('a compensation is paired with the rollback of a branch, not with its vote', () => {
  const saga = run(HELD, [
    'inventory',
    'message-handled',
    'compensation release-stock done',
    { mark: 'compensation' },
  ]);
  const together = run(
    ['inventory', 'branch-voted', 'votes yes'],
    ['inventory', 'branch-ended', 'rolls its branch back; locks held 3 ms'],
  );
  expect(rowsOf(saga, together)).toEqual(['0|0', '1|1']);
});

test.each([
  ['a different message', ['relay-order', 'message-sent', 'sent capture-payment to y']],
  ['a different order', ['relay-order', 'message-sent', SENT[2], { order: 'B' }]],
  ['a different process', ['relay-payment', 'message-sent', SENT[2]]],
] satisfies [string, Short][])('an event of %s is not similar', (_what, other) => {
  expect(rowsOf(run(SENT), run(other))).toEqual(['0|-', '-|0']);
});

test('of two similar events, the event with the same words is paired', () => {
  const refused: Short = ['inventory', 'message-handled', 'reserve-stock refused: no stock'];
  expect(rowsOf(run(HELD), run(refused, HELD))).toEqual(['-|0', '0|1']);
});

test('details are not in any row', () => {
  const detail: Short = ['order', 'message-received', 'received', { isDetail: true }];
  expect(rowsOf(run(detail, PLACED), run(PLACED))).toEqual(['1|0']);
});

test('every event of both runs is in exactly one row, in the order of its run', () => {
  const [left, right] = [sampleReport('saga', { orders: 9 }), sampleReport('2pc', { orders: 7 })];
  const rows = align(left, right);
  const ids = (data: ReportData) => data.events.filter((e) => !e.isDetail).map(({ id }) => id);
  expect(rows.flatMap((row) => row.left ?? [])).toEqual(ids(left));
  expect(rows.flatMap((row) => row.right ?? [])).toEqual(ids(right));
});

test('of thousands of events, those after the first 1,500 are not paired, and none is lost', () => {
  const many = run(...Array.from({ length: 1_600 }, () => PLACED));
  const rows = align(many, run(PLACED));
  expect(rows).toHaveLength(1_600);
  expect(rows.filter(({ right }) => right !== null)).toHaveLength(1);
});
