import { expect, test } from 'vitest';
import type { ReportSpan } from './report-data.ts';
import { sampleReport } from './sample-report.fixture.ts';
import { layoutWaterfalls } from './waterfall-layout.ts';

const data = sampleReport('saga', { orders: 2 });
const [first, second] = layoutWaterfalls(data.spans, data.events);

function span(spanId: string, parentSpanId: string | null, more: Partial<ReportSpan> = {}) {
  const [some] = data.spans;
  if (some === undefined) throw new Error('the sample has no spans');
  return { ...some, traceId: 't', spanId, parentSpanId, startMs: 0, endMs: 10, ...more };
}

test('each trace has a waterfall of its own, the earliest first', () => {
  expect(first?.fromMs).toBe(0);
  expect(second?.fromMs).toBe(300);
  expect(first?.rows).toHaveLength(data.spans.length / 2);
});

test('bars are within the width, and the times of the axis within the bars', () => {
  for (const { from, width } of first?.rows ?? []) {
    expect(from).toBeGreaterThanOrEqual(0);
    expect(from + width).toBeLessThanOrEqual(1.01);
  }
  expect(first?.ticks.map(({ atMs }) => atMs)).toEqual([0, 50, 100, 150, 200]);
});

test('children are below their parent, in the order of time', () => {
  const spans = [span('b', 'a', { startMs: 5 }), span('a', null), span('c', 'a', { startMs: 2 })];
  const rows = layoutWaterfalls(spans, []).flatMap((layout) => layout.rows);
  expect(rows.map(({ span: { spanId }, depth }) => [spanId, depth])).toEqual([
    ['a', 0],
    ['c', 1],
    ['b', 1],
  ]);
});

test('a span without an end ends with the crash of its process', () => {
  const died = first?.rows.find(({ tookMs }) => tookMs === null);
  expect(died?.span.process).toBe('relay-order');
  const crash = data.events.find(({ mark }) => mark === 'crash');
  const until = ((died?.from ?? 0) + (died?.width ?? 0)) * ((first?.untilMs ?? 0) - 0);
  expect(until).toBeCloseTo(crash?.atMs ?? -1, 0);
});

test.each([
  ['relay-order', 'mark published', 'waited'],
  ['inventory', 'process inventory.commands', 'in Kafka'],
  ['order', 'transaction', 'waited'],
])('the gap of %s before its span "%s" has the reason: %s', (process, name, why) => {
  const later = { process, name, startMs: 40, endMs: 45 };
  const [, row] = layoutWaterfalls([span('a', null), span('b', 'a', later)], [])[0]?.rows ?? [];
  expect(row?.gap).toMatchObject({ ms: 30, why });
});

test('the gap before a mark follows the sending, and no gap counts the wait in the outbox', () => {
  const relay = { process: 'relay-order' };
  const spans = [
    span('wait', null, { ...relay, name: 'outbox wait reserve-stock' }),
    span('send', 'wait', { ...relay, name: 'send inventory.commands', startMs: 10, endMs: 121 }),
    span('mark', 'wait', { ...relay, name: 'mark published', startMs: 121.5, endMs: 125 }),
  ];
  const rows = layoutWaterfalls(spans, [])[0]?.rows ?? [];
  expect(rows.map(({ gap }) => gap)).toEqual([null, null, null]);
});

test('a span is a root when its parent is missing or is the span itself', () => {
  const rows = layoutWaterfalls([span('a', 'gone'), span('b', 'b')], [])[0]?.rows ?? [];
  expect(rows.map(({ depth }) => depth)).toEqual([0, 0]);
});
