import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import type { RunResult } from '../../evidence/run-result.ts';
import { sampleResult } from '../../evidence/sample-result.fixture.ts';
import { sampleRows } from '../../evidence/snapshot/sample-snapshots.fixture.ts';
import type { Snapshot } from '../../evidence/snapshot/snapshot.ts';
import { orderLabel } from '../../text/order-label.ts';
import { createPaint } from '../../text/paint.ts';
import { renderChecks } from './render-checks.ts';
import { renderRows } from './render-rows.ts';
import { renderSummary } from './render-summary.ts';
import { renderVerdict } from './render-verdict.ts';

const paint = createPaint(false);
const label = (): string => 'A';
const LONG = 'a-very-long-name-that-somebody-chose-'.repeat(4);

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

function verdictOf(result: RunResult, report = '.lab/runs/x/report.html'): string {
  const durations = { setUpMs: 900, runMs: 44, checkMs: 210 };
  const places = { runDir: '.lab/runs/x', report };
  return renderVerdict({ result, ...places, durations, serversMs: 2_900 }, paint);
}

test('rows: a changed value is rendered as before → after', () => {
  const text = renderRows({ ...sampleRows(), label }, paint);
  expect(text).toMatch(
    /A {2}order-2 +bob +1 × tea +12\.50 +saga +\(none\) → REJECTED +payment-declined/,
  );
  expect(text).toMatch(/ada +200\.00 → 150\.00 +CAPTURED 50\.00/);
  expect(text).toMatch(/tea +5 → 3 +0 → 2/);
});

test('rows: the protocol of each order is shown only when some order was placed by 2PC', () => {
  const { before, after } = sampleRows();
  const render = (snapshot: Snapshot) => renderRows({ before, after: snapshot, label }, paint);
  expect(render(after)).toMatch(/order-4 +cleo .* 59\.80 +2pc +\(none\) → CONFIRMED/);
  const orders = after.orders.filter(({ coordination }) => coordination === 'saga');
  expect(render({ ...after, orders })).toMatch(/order-1 +ada .* 50\.00 +\(none\) → CONFIRMED/);
  expect(render({ ...after, orders })).toMatch(/total +status/);
});

test('rows: the coordinator log shows which transactions are decided and which have ended', () => {
  const { before, after } = sampleRows();
  const begun = {
    id: ORDER_ID,
    decision: null,
    participants: ['inventory', 'order'],
    ended: false,
    damage: [],
  };
  const snapshot = { ...after, transactions: [...after.transactions, begun] };
  const text = renderRows({ before, after: snapshot, label }, paint);
  expect(text).toMatch(/A {2}order-4 +commit +inventory, payment, order +yes/);
  expect(text).toMatch(/A {2}019a…0d1b77 +undecided +inventory, order +no/);
});

test('rows: a transaction that is still prepared is listed with its gid', () => {
  const { before, after } = sampleRows();
  const gid = `lab-1a2b3c4d/inventory/${ORDER_ID}`;
  const left = { ...after, preparedTransactions: [{ owner: 'inventory', gid }] };
  const text = renderRows({ before, after: left, label }, paint);
  expect(text).toContain(`prepared\n  gid${' '.repeat(gid.length - 1)}owner\n  ${gid}  inventory`);
});

test('rows: a run without two-phase commit has no sections about it', () => {
  const { before, after } = sampleRows();
  const text = renderRows({ before, after: { ...after, transactions: [] }, label }, paint);
  expect(text).not.toMatch(/transactions|prepared/);
});

test('rows of hundreds of orders with long names are cut to 100 columns and to 12 rows', () => {
  const { before, after } = sampleRows();
  const row = {
    id: ORDER_ID,
    customerId: LONG,
    status: 'CONFIRMED',
    reason: LONG,
    totalCents: 1e9,
    coordination: '2pc',
  } as const;
  const lines = Array.from({ length: 20 }, (_, index) => ({
    sku: `${LONG}${index}`,
    quantity: 1_000,
  }));
  const many: Snapshot = {
    ...after,
    orders: Array.from({ length: 300 }, () => row),
    orderLines: lines.map((line) => ({ ...line, orderId: ORDER_ID, unitPriceCents: 1 })),
  };
  const text = renderRows({ before, after: many, label: () => orderLabel(701) }, paint);
  expect(widthOf(text)).toBeLessThanOrEqual(100);
  expect(text).toContain('… and 288 more');
});

test('checks: each check is marked holds or BROKEN, followed by the rows that conflict', () => {
  const detail = 'account ada: 200.00 opening, but 150.00 left + 0.00 captured\naccount bob: ...';
  const broken = {
    id: 'INV-1',
    title: 'Money is conserved',
    holds: false,
    detail,
    violations: [],
    because: null,
  };
  const { expectations } = sampleResult();
  const checks = { verdict: 'broken' as const, invariants: [broken], expectations };
  expect(renderChecks(checks, paint)).toBe(
    [
      'invariants',
      '  BROKEN  INV-1 Money is conserved',
      '          account ada: 200.00 opening, but 150.00 left + 0.00 captured',
      '          account bob: ...',
      '',
      'this scenario',
      '  holds   The stock is released',
      '          held: 0 of tea',
    ].join('\n'),
  );
});

const DAMAGED = 'order-1: committed, but its branch of inventory is aborted';

/** A run whose scenario breaks two invariants on purpose. */
function brokenOnPurpose(): RunResult {
  const { invariants, ...result } = sampleResult();
  const broken = ['INV-3', 'INV-11'].map((id) => {
    return {
      id,
      title: 'One decision',
      holds: false,
      detail: DAMAGED,
      violations: [],
      because: null,
    };
  });
  return { ...result, scenario: '2pc-damage', invariants: [...invariants, ...broken] };
}

test('checks: an invariant that the scenario breaks on purpose is not rendered in red', () => {
  const text = renderChecks(brokenOnPurpose(), paint);
  expect(text).toContain(
    [
      '  broken  INV-3 One decision',
      '          as expected: the scenario breaks it on purpose',
      `          ${DAMAGED}`,
    ].join('\n'),
  );
  const coloured = createPaint(true);
  expect(renderChecks(brokenOnPurpose(), coloured)).not.toContain(coloured.red(DAMAGED));
  const failed = renderChecks({ ...brokenOnPurpose(), verdict: 'broken' }, coloured);
  expect(failed).toContain(coloured.red(DAMAGED));
  expect(failed).not.toContain('as expected');
});

test('the verdict names the invariants that the scenario breaks on purpose', () => {
  const text = verdictOf(brokenOnPurpose());
  const found = 'the checkers found what was broken on purpose (INV-3, INV-11);';
  expect(text).toContain(`HOLDS  2pc-damage: ${found} all other 2 checks\n       hold`);
  expect(widthOf(text)).toBeLessThanOrEqual(100);
});

test('the verdict is the last line, after the command to repeat the run and the duration', () => {
  const lines = verdictOf(sampleResult()).split('\n');
  expect(lines.at(-1)).toBe('HOLDS  saga-compensation: all 2 checks hold');
  expect(lines).toContain('  again       ./scenario run saga-compensation --seed 7');
  const took = '  took        4.1 s: servers 2.9 s, set-up 900 ms, run 44 ms, check 210 ms';
  expect(lines).toContain(took);
});

test('the path of the report is shown only when there is a report', () => {
  expect(verdictOf(sampleResult())).toContain('  report      .lab/runs/x/report.html');
  expect(verdictOf(sampleResult(), '')).not.toContain('report ');
});

test.each([
  ['broken', null, 'BROKEN  saga-compensation: 0 of 2 checks broken'],
  ['unknown', 'Kafka did not start.', 'UNKNOWN  saga-compensation: Kafka did not start.'],
] as const)(
  'the verdict %s is rendered as a word, not only as a colour',
  (verdict, problem, text) => {
    expect(verdictOf({ ...sampleResult(), verdict, problem })).toContain(text);
  },
);

test('trace links are shown when Jaeger answers, otherwise how to start Jaeger', () => {
  const traceUrls = ['http://127.0.0.1:16686/trace/4bf92f3577b34da6a3ce929d0e0e4736'];
  expect(verdictOf({ ...sampleResult(), traceUrls })).toContain(`  trace       ${traceUrls[0]}`);
  expect(verdictOf(sampleResult())).toContain(
    "no Jaeger answers: 'scenario jaeger' starts a Jaeger",
  );
  const tracesProblem =
    'Jaeger at http://127.0.0.1:4318 did not take the spans: connect ECONNREFUSED';
  const text = verdictOf({ ...sampleResult(), tracesProblem });
  expect(text).toContain(`  trace       ${tracesProblem}`);
  expect(text).toContain('HOLDS');
});

test('the summary has a line per run, which ends with what went wrong', () => {
  const unknown = { ...sampleResult(), verdict: 'unknown', problem: `no broker\n${LONG}` } as const;
  const text = renderSummary([sampleResult(), unknown], paint);
  expect(text.split('\n')).toEqual([
    'HOLDS    saga-compensation    1.2 s',
    'UNKNOWN  saga-compensation    1.2 s  no broker',
  ]);
  expect(renderSummary([brokenOnPurpose()], paint)).toBe(
    'HOLDS    2pc-damage    1.2 s  INV-3, INV-11 broken, as expected',
  );
  const titles = ['stays PENDING, and nothing is held for her', 'a dead letter says so'];
  const expectations = titles.map((title) => ({ title, holds: false, detail: '' }));
  const broken = { ...sampleResult(), verdict: 'broken', expectations } as const;
  expect(renderSummary([broken], paint).split('\n')).toEqual([
    `BROKEN   saga-compensation    1.2 s  ${titles.join(', ').slice(0, -3)}`,
    `${' '.repeat(37)}so`,
  ]);
});
