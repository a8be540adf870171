import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { otlpRequest, sentSpans, spansOf } from './otlp-traces.ts';
import { eventLine } from './sample-lines.fixture.ts';

const span = {
  process: 'inventory',
  pid: 7,
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'reserve-stock',
  spanKind: 0,
  startedAt: 1_000.25,
  attributes: { 'order.id': 'o', 'outbox.row': 3, ratio: 0.5 },
};
const parentSpanId = 'c'.repeat(16);
const start: RecordLine = { ...span, kind: 'span-start', at: 1_000.25, parentSpanId };
const end: RecordLine = { ...span, kind: 'span-end', at: 1_002, endedAt: 1_001.5 };
const crash = eventLine('inventory', 0, { event: 'failpoint-hit', pid: 7, at: 1_010 });

interface Request {
  resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[];
}
const sent = (lines: RecordLine[]) =>
  (otlpRequest(sentSpans(lines)) as Request).resourceSpans[0]?.scopeSpans[0]?.spans[0];

test('a start and its end become one span, with the parent from the start', () => {
  expect(spansOf([start, end])).toHaveLength(1);
  expect(sent([start, end])).toMatchObject({
    parentSpanId,
    kind: 1,
    startTimeUnixNano: '1000250000',
    endTimeUnixNano: '1001500000',
  });
});

test('attributes have their types in OTLP', () => {
  expect(sent([start, end])?.['attributes']).toEqual(
    expect.arrayContaining([
      { key: 'order.id', value: { stringValue: 'o' } },
      { key: 'outbox.row', value: { intValue: '3' } },
      { key: 'ratio', value: { doubleValue: 0.5 } },
    ]),
  );
});

test('a span without an end is exported as an error that ends at the death of its process', () => {
  const died = sent([start, crash]);
  expect(died).toMatchObject({ status: { code: 2 }, endTimeUnixNano: '1010000000' });
  expect(JSON.stringify(died)).toContain('in_doubt.process_died');
});

test('a failed span has its error', () => {
  const failed = sent([start, { ...end, failed: 'no stock' }]);
  expect(failed?.['status']).toEqual({ code: 2, message: 'no stock' });
});
